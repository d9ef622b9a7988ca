"""The languages of reporters, and texts that stand in each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from upstander.rulefiles import Words, columns

#: Every text that a reporter may see exists in each of these.
LANGUAGES: tuple[str, ...] = ("en", "es", "ar")

Texts = Mapping[str, str]
#: The columns en, es and ar of a table, none of them empty.
InEach = Annotated[Mapping[str, Words], columns(*LANGUAGES)]


def in_language(texts: Texts, language: str) -> str:
    """The text in ``language`` ("es", "es-us"), in English if there is none."""
    return texts.get(language) or texts.get(language.split("-", maxsplit=1)[0]) or texts["en"]
