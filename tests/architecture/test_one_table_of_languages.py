"""Languages stand in one table: all else that knows them reads it, or agrees with it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from upstander.base.languages import BY_CODE, LANGUAGES, staff_language
from upstander.carriers import notices, texts
from upstander.cases.guides.loading import Question
from upstander.directory.spoken import SPOKEN
from upstander.front.pages import language_of as language_of_path
from upstander.vault.wordlists import LANGUAGES as OF_CODES
from upstander.vault.wordlists import word_list

ROOT = Path(__file__).parents[2]
STAFF = {code for code in LANGUAGES if staff_language(code) == code}
#: Who may name languages: a demo district chooses some.
MAY_LIST = {"upstander/command/demo_data.py"}
#: Who may ask for one: Spanish writes names of days small within a sentence, and what people write
#: is compared as its language joins words or sounds.
MAY_ASK = {"upstander/directory/cards.py", "upstander/directory/sayings.py"}


def _codes(one: ast.AST) -> bool:
    """Tell whether this is a list of languages, or a table of what one word each says of them."""
    match one:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            said = [part.value for part in parts if isinstance(part, ast.Constant)]
            # A tuple may begin with a code and go on with words.
            return len(said) == len(parts) >= 2 and set(said) <= set(LANGUAGES)
        case ast.Dict(keys=keys, values=values):
            named = [key.value for key in keys if isinstance(key, ast.Constant)]
            words = [value.value for value in values if isinstance(value, ast.Constant)]
            short = all(isinstance(word, str) and " " not in word for word in words)
            return len(words) == len(named) >= 2 and short and set(named) <= set(LANGUAGES)
    return False


def _asks(one: ast.AST) -> bool:
    return isinstance(one, ast.Compare) and any(
        isinstance(other, ast.Constant) and other.value in set(LANGUAGES) - {"en"}
        for other in one.comparators
    )


def test_no_other_list_of_languages() -> None:
    lists, asking = set(), set()
    for folder in ("upstander", "scripts"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if {"tests", "migrations"} & set(path.parts) or name == "upstander/base/languages.py":
                continue
            for one in ast.walk(ast.parse(path.read_text("utf-8"))):
                if _codes(one):
                    lists.add(name)
                if _asks(one):
                    asking.add(name)
    assert lists == MAY_LIST
    assert asking == MAY_ASK


def test_types_of_files_name_the_same_languages() -> None:
    assert set(LANGUAGES) <= set(SPOKEN)
    assert set(LANGUAGES) <= set(Question.__struct_fields__)


def test_staff_are_written_to_in_each_of_theirs() -> None:
    by_language = {
        name: table
        for module in (texts, notices)
        for name, table in vars(module).items()
        if isinstance(table, dict) and "en" in table
    }
    assert {"REPLIES", "CALL", "_SHORT", "SAYS", "CHANNELS"} <= set(by_language)
    for name, table in by_language.items():
        assert set(table) == STAFF, name
        assert len({tuple(words) for words in table.values() if isinstance(words, dict)}) < 2, name
    for kind, notice in notices.KINDS.items():
        assert set(notice.texts) == STAFF, kind
        assert all(notice.texts.values()), kind


@pytest.mark.parametrize(
    ("chosen", "written"), [("en", "en"), ("es", "es"), ("ar", "en"), ("", "en"), ("none", "en")]
)
def test_who_reads_another_language_is_written_to_in_english(chosen: str, written: str) -> None:
    assert staff_language(chosen) == written


def test_the_public_site_has_each_and_codes_have_their_words() -> None:
    assert {language_of_path(f"/{code}/report") for code in LANGUAGES} == set(LANGUAGES)
    for code in LANGUAGES:
        assert (word_list(code).language == code) is (code in OF_CODES) is BY_CODE[code].code_words
