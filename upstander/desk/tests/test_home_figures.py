"""A home tells what was published of a closed half-year, and publishes nothing."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from conftest import Cast
from upstander.accountability.tests.test_equity_page import closed_cases
from upstander.accountability.tests.test_forged_editions import keep
from upstander.editions.models import PublishedEdition
from upstander.mandated.tests.test_duties import offices

pytestmark = pytest.mark.django_db


def told(cast: Cast, name: str, path: str) -> dict[str, str]:
    """Return what stands under each page's figure."""
    page = BeautifulSoup(cast.client(name).get(path).content, "html.parser")
    return {
        one.a.text: " ".join(one.dd.text.split())
        for one in page.select("section[aria-labelledby=figures] dl > div")
        if one.a and one.dd
    }


def test_home_figures_are_those_published_and_no_others(cast: Cast) -> None:
    offices(cast)
    closed_cases(cast, cast.cedar, 30)
    waits = "–"
    assert told(cast, "sol", "/today")["Closed cases"] == waits
    assert told(cast, "dee", "/district")["Closed cases"] == waits
    assert not PublishedEdition.objects.exists()
    cast.client("dee").get("/equity")
    for name, path in (("sol", "/today"), ("dee", "/district"), ("dee", "/today")):
        assert told(cast, name, path)["Closed cases"] == "30"
    assert list(told(cast, "cleo", "/today")) == ["Reports finished on time"]
    assert not told(cast, "bo", "/today"), "what reaches a chair is not what the district has"
    assert not told(cast, "tess", "/today")
    assert not told(cast, "tom", "/today")


def test_home_shows_no_figure_changed_from_outside(cast: Cast) -> None:
    offices(cast)
    closed_cases(cast, cast.cedar, 30)
    keep(cast, "dee", [])
    assert "Closed cases" not in told(cast, "sol", "/today")
