"""The directory's own words in Spanish and Arabic: complete, and compiled from what is written."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

APP = Path(__file__).resolve().parents[1]
_IN_PYTHON = re.compile(r'(?:gettext|gettext_lazy|_)\(\s*"((?:[^"\\]|\\.)*)"\s*\)')
_IN_TEMPLATE = re.compile(r"""\{% translate (["'])(.*?)\1""")
_BLOCK = re.compile(r"\{% blocktranslate.*?%\}(.*?)\{% endblocktranslate %\}", re.DOTALL)


def words_used() -> set[str]:
    found: set[str] = set()
    for file in APP.glob("*.py"):
        found |= set(_IN_PYTHON.findall(file.read_text()))
    for file in APP.glob("templates/**/*.html"):
        text = file.read_text()
        found |= {words for _, words in _IN_TEMPLATE.findall(text)}
        found |= {re.sub(r"\{\{ (\w+) \}\}", r"%(\1)s", b.strip()) for b in _BLOCK.findall(text)}
    return found


@pytest.mark.parametrize("language", ["es", "ar"])
def test_every_word_is_translated_and_compiled(language: str) -> None:
    folder = APP / "locale" / language / "LC_MESSAGES"
    written = polib.pofile(str(folder / "django.po"))
    assert {entry.msgid for entry in written} == words_used()
    compiled = {e.msgid: e.msgstr for e in polib.mofile(str(folder / "django.mo"))}
    assert compiled == {entry.msgid: entry.msgstr for entry in written}
    for entry in written:
        placeholders = re.findall(r"%\(\w+\)s", entry.msgid)
        assert sorted(placeholders) == sorted(re.findall(r"%\(\w+\)s", entry.msgstr)), entry.msgid
        assert entry.msgstr
