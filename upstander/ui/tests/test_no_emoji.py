"""What a machine without a font of emoji draws as an empty box stands in no word and on no page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
#: Pictures, and what most fonts of text lack; an empty box to tick, and a note of music, they have.
_PICTURE = re.compile(
    "[\U0001f000-\U0001faff\u2300-\u23ff\u2600-\u260f\u2611-\u2669\u266b-\u27bf\u2b00-\u2bff\ufe0f]"
)


@pytest.mark.parametrize("kind", ["*.html", "*.py", "*.js", "*.css", "*.csv", "*.json", "*.po"])
def test_words_are_words_and_icons_are_drawn(kind: str) -> None:
    files = [*(ROOT / "upstander").rglob(kind), *(ROOT / "locale").rglob(kind)]
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]!r}"
        for path in sorted(files)
        if "tests" not in path.parts
        for found in _PICTURE.finditer(path.read_text("utf-8"))
    ]
    assert wrong == []
