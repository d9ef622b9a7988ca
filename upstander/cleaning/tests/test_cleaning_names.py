"""File names from strangers."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upstander.cleaning.names import LONGEST, safe_name


@pytest.mark.parametrize(
    ("given", "extension", "name"),
    [
        ("IMG_0042.HEIC", "jpg", "IMG_0042.jpg"),
        ("../../etc/passwd", None, "passwd.bin"),
        ("C:\\Users\\sam\\Desktop\\fight.MOV", "mov", "fight.mov"),
        ("photo\u202egpj.exe", "jpg", "photogpj.jpg"),
        ("photo\u202egpj.exe", None, "photogpj.exe.bin"),
        ("notes.docx", None, "notes.docx"),
        ("page.html", None, "page.html.bin"),
        ("drawing.svg", None, "drawing.svg.bin"),
        ("a\0b\r\nSet-Cookie: x.png", "png", "ab Set-Cookie x.png"),
        ("", "jpg", "file.jpg"),
        ("...", None, "file.bin"),
        ("CON.txt", None, "file CON.txt"),
        ("ما حدث.pdf", "pdf", "ما حدث.pdf"),
        ("lo que pasó.mp4", "mp4", "lo que pasó.mp4"),
        ("\ud800broken.png", "png", "broken.png"),
        ('say "hi"; <b>.png', "png", "say hi ; b.png"),
    ],
)
def test_names(given: str, extension: str | None, name: str) -> None:
    assert safe_name(given, extension) == name


@given(st.text(max_size=300), st.sampled_from([None, "jpg"]))
def test_every_name_is_short_has_no_path_and_hides_nothing(
    name: str, extension: str | None
) -> None:
    safe = safe_name(name, extension)
    assert 1 < len(safe) <= LONGEST + 20
    assert len(safe.encode()) <= 2 * LONGEST + 20
    assert not set(safe) & set('/\\\0<>:"|?*')
    assert not safe.startswith(".")
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs"} for char in safe)
    assert safe_name(safe, extension) == safe or extension is None


def test_a_very_long_name_takes_no_time() -> None:
    assert len(safe_name("a\u0301" * 1_000_000 + ".png", "png")) <= LONGEST + 4
