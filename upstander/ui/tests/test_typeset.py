"""Whatever somebody typed is set, by each template that prints their words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import typst

from upstander.ui.typeset import typeset

NOW = datetime(2026, 12, 1, tzinfo=UTC)
SOURCE = b"""
#let data = json(bytes(sys.inputs.data))
#set document(title: "Words", date: none)
#set text(lang: "en", font: "Inter")
#for line in data.lines [#par(line)]
"""


def set_of(*lines: str) -> bytes:
    return typeset(SOURCE, "data", {"lines": lines}, standards="ua-1", now=NOW)


@pytest.mark.parametrize(
    "words",
    [
        "Plain words.",
        "an emoji 👩‍👩‍👧 and 漢",
        "\u202egnihton\u202c قال Zoë \u0301\u0489",
        "every control character: " + "".join(map(chr, [*range(32), *range(127, 160)])),
        "all of Arabic: " + "".join(map(chr, range(0x600, 0x700))),
        "private \ue000, unassigned \u0378, none \uffff, alone \ud83d",
    ],
)
def test_words_are_set_whatever_signs_they_hold(words: str) -> None:
    assert set_of("Before.", words).startswith(b"%PDF")


def test_each_sign_alone_is_set() -> None:
    signs = [*range(0x250), *range(0x600, 0x700), *range(0x2000, 0x2070)]
    pieces = [signs[at : at + 16] for at in range(0, len(signs), 16)]
    for piece in pieces:
        assert set_of(*(f"a{chr(sign)}b" for sign in piece)).startswith(b"%PDF"), piece


def test_a_template_that_is_wrong_says_so() -> None:
    with pytest.raises(typst.TypstError):
        typeset(b"#panic()", "data", {}, standards="ua-1", now=NOW)
