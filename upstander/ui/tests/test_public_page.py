"""The frame of the reporter's pages."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

from upstander.base.languages import ENGLISH, LANGUAGES
from upstander.ui.languages import path_in


def shown(rf: RequestFactory, path: str = "/report", **context: Any) -> BeautifulSoup:
    """Give the empty frame as seen at `path`."""
    html = get_template("ui/public.html").render({"request": rf.get(path), **context})
    return BeautifulSoup(html, "html.parser")


def test_the_numbers_to_call_and_the_way_out_come_before_all_else(rf: RequestFactory) -> None:
    links = [str(a["href"]) for a in shown(rf).select("a")]
    assert links[:5] == ["#main", "https://www.weather.gov/", "tel:911", "sms:911", "tel:988"]


def test_the_way_out_can_end_the_session_first(rf: RequestFactory) -> None:
    leave = shown(rf, leave_url="/leave").select_one("a.leave")
    assert leave is not None
    assert leave["href"] == "/leave"


def test_the_tab_tells_nothing(rf: RequestFactory) -> None:
    page = shown(rf)
    assert page.title is not None
    assert page.title.get_text() == "School page"
    icon = page.select_one("link[rel=icon]")
    assert icon is not None
    assert str(icon["href"]).startswith("data:")


def test_everything_comes_from_this_site_and_nothing_is_inline(rf: RequestFactory) -> None:
    page = shown(rf)
    for element in page.select("script, link, img"):
        source = str(element.get("src") or element.get("href"))
        assert source.startswith(("/static/", "data:image/svg+xml")), element
    assert not page.select("style, [style], script:not([src])")
    assert not [a for element in page.select("*") for a in element.attrs if a.startswith("on")]


def test_language_switch_keeps_the_page_and_names_each_in_its_own_language(
    rf: RequestFactory,
) -> None:
    with translation.override("ar"):
        page = shown(rf, "/ar/r/alder-valley-high")
    links = page.select(".languages a")
    assert [a["href"] for a in links] == [
        f"{'' if code == ENGLISH.code else f'/{code}'}/r/alder-valley-high" for code in LANGUAGES
    ]
    assert [a["lang"] for a in links] == list(LANGUAGES)
    assert [a.get_text() for a in links if a.get("aria-current")] == ["العربية"]
    assert page.html is not None
    assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")


@pytest.mark.parametrize(
    ("path", "code", "result"),
    [
        ("/", "es", "/es/"),
        ("/es/", "en", "/"),
        ("/es", "ar", "/ar/"),
        ("/espresso", "es", "/es/espresso"),
        ("/ar/report", "es", "/es/report"),
        ("//evil.example/x", "es", "/es/evil.example/x"),
        ("//evil.example/x", "en", "/evil.example/x"),
        ("/es//evil.example", "en", "/evil.example"),
    ],
)
def test_path_in_another_language(path: str, code: str, result: str) -> None:
    assert path_in(path, code, ("en", "es", "ar"), "en") == result
