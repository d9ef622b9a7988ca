"""Files that are made to hurt: taken or refused in plain words, and never at the words' cost."""

from __future__ import annotations

import gzip
import io
import os
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.phone import Phone, multipart
from tests.servers import System
from tests.waiting import PATIENCE

pytestmark = [pytest.mark.servers, pytest.mark.slow]

TEXT = "What I wrote before the file."
#: Pictures that show nothing, and what may name its maker or run. Whatever else is odd is kept as
#: it came, for a person to judge.
REFUSED = {
    *("bomb.png", "wide.png", "cut.png", "cut.jpg", "nothing.jpg"),
    *("bomb.zip", "bomb.gz", "page.html", "picture.svg", "xxe.xml", "photo\u202egpj.exe"),
}
SCRIPT = b"<html><script>alert(document.cookie)</script></html>"


def png(width: int, height: int, pixels: bytes) -> bytes:
    """Return a PNG that says it is that big (grey, one byte a pixel)."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def bomb() -> bytes:
    """Return a zip of zips: 10 KB that unpack to a gigabyte."""
    content = b"0" * 10**7
    for _ in range(2):
        inside = io.BytesIO()
        with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            for number in range(10):
                archive.writestr(f"{number}/../../../../tmp/{number}", content)
        content = inside.getvalue()
    return content


def hostile() -> Iterator[tuple[str, bytes]]:
    """Give (file name, bytes)."""
    yield "nothing.jpg", b""
    yield "bomb.zip", bomb()
    yield "bomb.gz", gzip.compress(b"0" * 10**7)
    yield "bomb.png", png(60_000, 60_000, zlib.compress(b"\0" * 10**6))
    yield "wide.png", png(2**31 - 1, 1, zlib.compress(b"\0"))
    yield "cut.png", png(10, 10, zlib.compress(b"\0" * 110))[:45]
    yield "cut.jpg", b"\xff\xd8\xff\xe0" + os.urandom(500)
    yield "polyglot.gif", b"GIF89a" + b"/*" + b"\0" * 300 + b"*/=1;alert(1)"
    yield "polyglot.jpg", b"\xff\xd8\xff\xe1\x00\x40Exif\0\0" + SCRIPT + b"\xff\xd9"
    yield (
        "polyglot.pdf",
        SCRIPT + b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>endobj" + bomb(),
    )
    yield (
        "loop.pdf",
        b"%PDF-1.4\n1 0 obj<</Type/Pages/Kids[1 0 R]/Parent 1 0 R>>endobj\ntrailer<</Root 1 0 R>>",
    )
    yield "page.html", SCRIPT
    yield (
        "picture.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><a href='//a.example'/></svg>",
    )
    yield "xxe.xml", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"
    yield "movie.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + b"\xff\xff\xff\xffmoov" + b"\0" * 99
    yield "deep.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isomiso2" + b"\0\0\xff\xffmoov" * 5000
    yield "endless.ogg", b"OggS\0\2" + b"\xff" * 2000
    yield "../../../../etc/passwd", b"x"
    yield "..\\..\\windows\\win.ini", b"x"
    yield "photo\u202egpj.exe", b"MZ" + b"\0" * 100
    yield "\0\r\nSet-Cookie: a=b", b"x"
    yield "n" * 5000 + ".txt", b"x"
    yield "\ufffd\u0301\u2028.txt", b"x"
    yield ".", b"x"


def test_hostile_files_cost_nothing_but_themselves(system: System) -> None:
    phone = Phone(system.public_port, timeout=PATIENCE)
    for number, (name, content) in enumerate(hostile()):
        if number % 12 == 0:  # a tip takes twenty
            phone = Phone(system.public_port, timeout=PATIENCE)
            assert phone.send_tip(TEXT, tile="fight").code is not None
        named = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        begun = time.monotonic()
        answer = phone.post(
            "/talk/file", *multipart([(f'name="file"; filename="{named}"', content)])
        )
        assert answer.status in (303, 422, 400), (name[:40], answer.status)
        assert time.monotonic() - begun < 30, name[:40]
        if name in REFUSED:
            assert answer.status == 422, name
            assert "Your words were kept" in answer.text
        page = phone.get("/talk/live?still=1")
        assert page.status == 200, name[:40]
        assert TEXT in page.text
        assert "alert(" not in page.text
        assert "set-cookie" not in answer.headers or "a=b" not in answer.headers["set-cookie"]
    assert nothing_left(system)


def nothing_left(system: System) -> bool:
    """No byte of what was sent lies anywhere in clear, and nothing was unpacked."""
    needles = (SCRIPT, b"alert(document.cookie)", b"file:///etc/passwd", b"onload='alert")
    for folder, _folders, files in os.walk(system.home.root):
        for file in files:
            path = Path(folder) / file
            if path.is_file() and "static" not in path.parts:
                content = path.read_bytes()
                assert not [needle for needle in needles if needle in content], path
    return not Path("/tmp/0").exists()


def test_too_many_files_in_one_form_and_none_where_none_may_be(system: System) -> None:
    phone = Phone(system.public_port, timeout=PATIENCE)
    assert phone.send_tip(TEXT, tile="fight").code is not None
    many = [(f'name="file"; filename="{n}.txt"', b"x") for n in range(12)]
    answer = phone.post("/talk/file", *multipart(many))
    assert answer.status == 422
    assert "File limit reached" in answer.text
    assert phone.get("/talk/live?still=1").text.count(".txt") == 10
    assert phone.post("/talk/file", *multipart(many)).status == 422
    assert phone.get("/talk/live?still=1").text.count(".txt") == 20

    nude = Phone(system.public_port)
    page = nude.send_tip(TEXT, tile="images")
    assert 'type="file"' not in page.text
    assert "never send" in page.text.lower() or "don’t send pictures" in page.text.lower()
    answer = nude.post("/talk/file", *multipart([('name="file"; filename="a.jpg"', b"x" * 99)]))
    assert answer.status == 422
    assert "can’t take pictures for this" in answer.text
    assert ".jpg" not in nude.get("/talk/live?still=1").text


def test_a_file_beside_the_words_never_costs_the_words(system: System) -> None:
    phone = Phone(system.public_port, timeout=PATIENCE)
    parts = [
        ('name="file"; filename="bomb.png"', png(60_000, 60_000, b"")),
        ('name="text"', TEXT.encode()),
        ('name="token"', b"f" * 24),
    ]
    answer = phone.post("/report", *multipart(parts))
    assert answer.code is not None
    assert "Your words were kept" in answer.text
    assert TEXT in phone.get("/talk/live?still=1").text
