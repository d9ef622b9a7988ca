"""The languages of reporters, and texts that stand in each of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from upstander.base.languages import LANGUAGES
from upstander.rulefiles import Words, translated

__all__ = ["LANGUAGES", "InEach", "Texts", "in_language"]

Texts = Mapping[str, str]
#: A row's text in English, and in each other language that has it.
InEach = Annotated[Mapping[str, Words], translated("key")]


def in_language(texts: Texts, language: str) -> str:
    """The text in ``language`` ("es", "es-us"), in English if there is none."""
    return texts.get(language) or texts.get(language.split("-", maxsplit=1)[0]) or texts["en"]
