"""What English a page of the desk still shows that is to be shown in another language."""

from __future__ import annotations

import re
from functools import cache

import polib
from bs4 import BeautifulSoup, Tag

from upstander.base.languages import KNOWN, LOCALE

#: English words that no Spanish one is.
ENGLISH = re.compile(r"\b(the|you|your|we|are|this|that|not|what|is|it|to|of)\b", re.IGNORECASE)
#: What is read out besides texts.
_SPOKEN = (
    "aria-label",
    "title",
    "alt",
    "placeholder",
    "data-say",
    "data-titled",
    "data-kept",
    "data-printed",
    "data-of",
)
#: What says that it is in another language, and what people wrote.
_LEFT_OUT = "script, style, [dir=auto], [lang]:not(html)"


@cache
def texts(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return every English text that has another in a language, and the parts of texts."""
    folder = KNOWN[language].folder
    files = (at / "LC_MESSAGES/django.po" for at in (folder, LOCALE / "desk" / folder.name))
    entries = [one for file in files for one in polib.pofile(str(file))]
    whole = {one.msgid for one in entries if one.msgstr != one.msgid}
    parts = {_even(part) for one in whole for part in re.split(r"<[^>]+>|%\(\w+\)[sd]", one)}
    # Two words at least: one word may be part of a Spanish one.
    return frozenset(whole), frozenset(one for one in parts if re.search(r"[a-z]\S* \S*[a-z]", one))


def english_in(html: str, language: str = "es") -> list[str]:
    """Return the English that is seen or heard on a page whose language is another.

    Left out is what bears a language of its own, and what people wrote.
    """
    page = BeautifulSoup(html, "html.parser")
    assert isinstance(page.html, Tag)
    assert page.html["lang"] == language
    for element in page.select(_LEFT_OUT):
        element.decompose()
    found = [str(text) for text in page.html.find_all(string=True)]
    for name in _SPOKEN:
        found += [str(one[name]) for one in page.find_all(attrs={name: True})]
    whole, parts = texts(language)
    return [
        text
        for text in map(_even, found)
        if text in whole or any(one in text for one in parts) or ENGLISH.search(text)
    ]


def _even(text: str) -> str:
    return " ".join(text.split())
