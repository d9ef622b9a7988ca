"""Finding a service: who tells of a hurt child, and what is said where nobody is found."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from upstander.base.languages import ENGLISH
from upstander.directory.finding import find
from upstander.directory.vocabulary import NEEDS
from upstander.doors.tests.site import Site, text_of
from upstander.front.tests.test_finding import (
    HERE,
    asked,
    loaded,  # noqa: F401 - what that needs
    names,
    neighborhood,  # noqa: F401 - a fixture of both files
)
from upstander.front.tests.test_hsds import NOON


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "my dad hits me"), ("es", "mi papá me pega"), ("ar", "بابا يضربني")],
)
def test_who_takes_reports_of_a_hurt_child_stands_before_help_for_partners(
    site: Site, language: str, words: str
) -> None:
    prefix = "" if language == ENGLISH.code else f"/{language}"
    kinds = [one.facts.kind for one in find(asked(words, language=language), NOON).found]
    assert {"abuse_report", "domestic_violence"} <= set(kinds)
    last = max(at for at, kind in enumerate(kinds) if kind == "abuse_report")
    assert kinds[: last + 1] == ["abuse_report"] * (last + 1)
    # The first is whom the tile finds, and 911 stands above both.
    by_words, by_tile = (
        BeautifulSoup(site.post(f"{prefix}/find", {**HERE, **sent}).content, "html.parser")
        for sent in ({"words": words}, {"need": "abuse_report"})
    )
    assert names(str(by_words))[0] == names(str(by_tile))[0]
    assert NEEDS["abuse_report"].label(language) in by_words.select("h1")[0].get_text()
    assert [page.select("main a")[0]["href"] for page in (by_words, by_tile)] == ["tel:911"] * 2


def test_nothing_found_is_not_said_to_be_spelled_nearly_so(site: Site) -> None:
    assert not find(asked("asdfgh"), NOON).nearly
    page = text_of(site.post("/find", {**HERE, "words": "asdfgh"}))
    assert "We found nobody for this." in page
    assert "spelled nearly so" not in page


@pytest.mark.parametrize("words", ["food", "suicide", "asdfgh", "my brother likes purple trees"])
def test_each_answer_begins_with_who_comes_now(site: Site, words: str) -> None:
    """911, 988 and mobile crisis, once, before anything else; of a sentence nothing is guessed."""
    page = BeautifulSoup(site.post("/find", {**HERE, "words": words}).content, "html.parser")
    links = [a["href"] for a in page.select("main a")]
    assert links[0] == "tel:911"
    assert "tel:988" in links[:3]
    first = page.select("main p")[0].find_parent("div")
    assert first is not None
    said = first.get_text()
    assert "mobile crisis" in said
    assert "spelled nearly so" not in page.get_text()


def test_a_childs_life_stands_before_services_that_share_words(site: Site) -> None:
    for words in ("my son doesn't want to live", "my daughter cuts herself"):
        assert find(asked(words), NOON).found[0].facts.slug == "988"
        assert "tel:911" in site.post("/find", {**HERE, "words": words}).content.decode()
