"""Pages of the desk in the language of who reads them: translated as a whole, or in English."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from conftest import Cast
from tests.translated import english_in
from upstander.base.languages import LANGUAGES, LOCALE, staff_language
from upstander.mandated.models import Duty
from upstander.mandated.tests.test_duties import offices
from upstander.people.models import Person

pytestmark = pytest.mark.django_db
MARK = "Esta traducción aún no ha sido revisada."


def speaks(cast: Cast, who: str, language: str = "es") -> None:
    """Let somebody have chosen a language."""
    Person.objects.filter(pk=cast.people[who].pk).update(language=language)


def laws(found: list[str]) -> list[str]:
    """Those texts that no State's law brings as data: its own words are shown as they are."""
    files = [one for at in settings.STATES_FOLDERS for one in at.rglob("*.*")]
    brought = " ".join(
        one.read_text(encoding="utf-8") for one in files if one.suffix in {".toml", ".csv", ".json"}
    )
    # A whole value of those files: a way in is followed by its number, and whom one is for by it.
    own = [(text, text.split(": ")) for text in found]
    return [text for text, said in own if not any(f'"{one}"' in brought for one in said)]


@pytest.mark.parametrize("at", ["/suspect", "/duties"])
def test_page_holds_no_english(cast: Cast, at: str) -> None:
    offices(cast)
    speaks(cast, "tess")
    if at == "/duties":
        cast.client("tess").post("/suspect", {"rule": "abuse", "since": "now", "about": "nobody"})
        assert Duty.objects.exists()
    page = cast.client("tess").get(at).content.decode()
    assert MARK in page
    assert laws(english_in(page)) == []


def test_what_stands_around_is_english_and_says_so(cast: Cast) -> None:
    offices(cast)
    speaks(cast, "tess")
    page = BeautifulSoup(cast.client("tess").get("/duties").content, "html.parser")
    rail = page.select_one("header.rail")
    assert rail is not None
    assert rail["lang"] == "en"
    assert "Should I report?" in rail.text
    assert "Sign out" in rail.text


@pytest.mark.parametrize(("at", "language"), [("/consults", "es"), ("/duties", "en")])
def test_page_is_english_unless_both_are_there(cast: Cast, at: str, language: str) -> None:
    offices(cast)
    speaks(cast, "tess", language)
    page = cast.client("tess").get(at).content.decode()
    assert '<html lang="en"' in page
    assert MARK not in page


def test_refusal_after_a_press_is_in_english(cast: Cast) -> None:
    offices(cast)
    speaks(cast, "tess")
    page = cast.client("tess").post("/suspect", {"rule": "abuse", "about": "nobody"})
    assert '<html lang="en"' in page.content.decode()
    assert "Say whether it was just now or earlier." in page.content.decode()


def test_page_that_is_not_there_says_so_in_english(cast: Cast) -> None:
    speaks(cast, "alice")
    alice = cast.client("alice")
    answer = alice.get("/clients/00000000-0000-4000-8000-000000000000")
    assert answer.status_code == 404
    assert '<html lang="en"' in answer.content.decode()
    assert translation.get_language() == "en", "whatever the thread answers next"


def test_language_asks_the_database_nothing(cast: Cast) -> None:
    offices(cast)
    counted = []
    for language in ("en", "es"):
        speaks(cast, "tess", language)
        tess = cast.client("tess")
        tess.get("/duties")
        with CaptureQueriesContext(connection) as made:
            tess.get("/duties")
        counted.append(len(made))
    assert counted[0] == counted[1]


def test_each_language_of_staff_has_the_desks_texts() -> None:
    spoken = {staff_language(one) for one in LANGUAGES} - {"en"}
    assert spoken == {one.name for one in (LOCALE / "desk").iterdir()}
