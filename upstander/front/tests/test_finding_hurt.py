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
    NOON,
    _neighborhood,  # noqa: F401 - a fixture of both files
    asked,
    names,
)


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
