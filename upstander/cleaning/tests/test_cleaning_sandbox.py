"""The child that opens strangers' files can do nothing else, and its failures stay its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.waiting import PATIENCE
from upstander.cleaning import runner
from upstander.cleaning.edits import Edit, apply, in_order, pack, unpack
from upstander.cleaning.kinds import Format, Kind
from upstander.cleaning.source import Unreadable
from upstander.cleaning.tests import samples, samples_media
from upstander.cleaning.tests.samples import SECRET

ROOT = Path(runner.__file__).resolve().parents[3]


def kept(pieces: Iterable[bytes]) -> list[bytes]:
    return list(pieces)


def cleaned(form: Format, data: bytes) -> runner.Clean:
    return runner.clean(form, [data], len(data), kept)


@pytest.mark.parametrize(
    ("form", "data", "kind"),
    [
        (Format.HEIF, samples.heic(), Kind.IMAGE),
        (Format.GIF, samples.moving_gif(), Kind.IMAGE),
        (Format.PDF, samples.pdf(), Kind.PDF),
        (Format.MOVIE, samples_media.movie(), Kind.VIDEO),
        (Format.OGG, samples_media.voice_message(), Kind.AUDIO),
    ],
)
def test_files_are_cleaned_inside(form: Format, data: bytes, kind: Kind) -> None:
    clean = cleaned(form, data)
    body = b"".join(clean.chunks)
    assert clean.kind is kind
    assert len(body) == clean.size
    assert SECRET not in body
    assert bool(clean.thumbnail) == (kind is Kind.IMAGE)


ATTEMPTS = {
    "read a file": "open('/etc/hostname', 'rb')",
    "read a file in a freed place": "os.close(0); open('/etc/hostname', 'rb')",
    "write a file": "open('/tmp/upstander-escape', 'wb')",
    "write in a freed place": "os.close(0); open('/tmp/upstander-escape', 'wb')",
    "list a folder": "os.close(0); os.listdir('/tmp')",
    "open a socket": "import _socket; _socket.socket()",
    "connect": "os.close(0); import _socket; _socket.socket().connect(('127.0.0.1', 5432))",
    "start a program": "os.close(0); os.execv('/bin/true', ['true'])",
    "take too much memory": "bytearray(3 << 30)",
    "take on another account": "os.setuid(0); open('/etc/shadow')",
    "keep a capability": (
        "import ctypes; data = (ctypes.c_uint32 * 6)();"
        "libc.capget(ctypes.byref((ctypes.c_uint32 * 2)(0x20080522, 0)), data);"
        "sys.exit(0 if any(data) else 42)"
    ),
    "signal its parent": "os.kill(os.getppid(), 0)",
}


@pytest.mark.parametrize("attempt", ATTEMPTS.values(), ids=ATTEMPTS)
def test_the_child_cannot(attempt: str) -> None:
    program = f"""
        import ctypes, sys, os, _socket
        libc = ctypes.CDLL(None)
        sys.path.insert(0, {str(ROOT)!r})
        from upstander.cleaning.sandbox import confine
        confine(os.getppid())
        try:
            {attempt}
        except (OSError, MemoryError) as error:
            sys.exit(42)
    """
    ended = subprocess.run(
        [sys.executable, "-I", "-c", textwrap.dedent(program)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=PATIENCE,
    )
    assert ended.returncode == 42, ended.stderr
    assert not Path("/tmp/upstander-escape").exists()


def test_a_child_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "PATIENCE", 0.2)

    def slow() -> Iterator[bytes]:
        yield b"%PDF-1.7"
        while True:
            yield bytes(65536)

    with pytest.raises(Unreadable):
        runner.clean(Format.PDF, slow(), 1 << 40, kept)


def test_no_child_is_left_behind() -> None:
    for data in (samples.pdf(), b"%PDF-1.7 broken"):
        try:
            cleaned(Format.PDF, data)
        except Unreadable:
            continue
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split()
    commands = [Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
    assert not [command for command in commands if b"cleaning.child" in command]


def said(content_type: str, extension: str, body: int, **more: object) -> str:
    head = {"content_type": content_type, "extension": extension, "body": body, **more}
    return f"out({json.dumps(head).encode() + b'\nabc'!r})"


LIES = {
    "nothing": "",
    "no JSON": "out(b'hello\\n')",
    "a page": said("text/html", "html", 3),
    "too long": said("image/png", "png", 9 * 10**9),
    "cut off": said("image/png", "png", 9),
    "more": said("image/png", "png", 1),
    "a bad plan": said("video/mp4", "mp4", 3, plan=True),
    "a crash": "os.kill(os.getpid(), 11)",
    "words without end": "out(b'a' * 10_000_000)",
}


def child_that(says: str, folder: Path) -> Path:
    """A source tree whose child says what it likes."""
    module = folder / "upstander/cleaning/child.py"
    module.parent.mkdir(parents=True)
    for package in (module.parents[2], module.parents[1], module.parents[0]):
        (package / "__init__.py").touch()
    module.write_text(
        "import os, sys\n"
        "def main(form, parent):\n"
        "    sys.stdin.buffer.read()\n"
        "    out = sys.stdout.buffer.write\n"
        f"    {says or 'pass'}\n",
        encoding="utf-8",
    )
    return folder


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_a_broken_child_says_is_not_believed(
    lie: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(runner, "_ROOT", child_that(lie, tmp_path))
    with pytest.raises(Unreadable):
        cleaned(Format.PNG, samples.png())


def test_what_an_honest_child_says_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(runner, "_ROOT", child_that(said("image/png", "png", 3), tmp_path))
    assert list(cleaned(Format.PNG, samples.png()).chunks) == [b"abc"]


def test_a_plan_survives_the_pipe() -> None:
    edits = [Edit(3, 5, b"ab"), Edit(8, 2), Edit(12, 4, b"", drop=True)]
    assert unpack(pack(edits)) == edits
    assert b"".join(apply([b"0123456789abcdefgh"], edits)) == b"012ab\0\0\0\0\0abgh"


@pytest.mark.parametrize(
    "edits",
    [[Edit(0, 4), Edit(3, 2)], [Edit(90, 20)], [Edit(0, 1, b"abc")], [Edit(5, 5), Edit(5, 5)]],
)
def test_a_plan_that_makes_no_sense_is_unreadable(edits: list[Edit]) -> None:
    with pytest.raises(Unreadable):
        in_order(edits, 100)
