"""A service's words for a reader, with the language of those that are in another than theirs."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from upstander.base.languages import ENGLISH
from upstander.directory.facts import TEXT_KEYS


class Text(str):
    """Words of a card. In English on a page in another language, they say so where they stand.

    Between tags only: within an attribute or a title write ``str(text)``.
    """

    __slots__ = ("english",)
    english: bool

    def __html__(self) -> SafeString:
        """Return them as templates write them (a screen reader changes its voice)."""
        plain = conditional_escape(str(self))
        return format_html('<span lang="en" dir="ltr">{}</span>', plain) if self.english else plain


def told(own: str, english: str, language: str) -> Text:
    """Return words in the reader's language; in English where nobody has written them in that."""
    found = Text(own or english)
    found.english = language != ENGLISH.code and not own and bool(english)
    return found


def in_their_language(texts: Mapping[str, Mapping[str, str]], language: str) -> dict[str, Text]:
    """Return each text in the reader's language, or in English."""
    own, english = texts.get(language, {}), texts[ENGLISH.code]
    return {key: told(own.get(key, ""), english.get(key, ""), language) for key in TEXT_KEYS}


def no_words() -> Text:
    """Return what stands where nothing is said."""
    none = Text()
    none.english = False
    return none
