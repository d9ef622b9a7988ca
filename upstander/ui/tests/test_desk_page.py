"""The frame of the staff's pages."""

from bs4 import BeautifulSoup
from django.template.loader import get_template
from django.test import RequestFactory


def shown(rf: RequestFactory, **context: object) -> BeautifulSoup:
    """Give the empty frame."""
    html = get_template("ui/desk.html").render({"request": rf.get("/queue"), **context})
    return BeautifulSoup(html, "html.parser")


def test_navigation_marks_where_you_are(rf: RequestFactory) -> None:
    page = shown(
        rf,
        nav=[
            ("Work", [("Queue", "/queue", True)]),
            ("People", [("People", "/people", False, "people")]),
        ],
    )
    assert [a.get_text(strip=True) for a in page.select("nav [aria-current=page]")] == ["Queue"]
    assert [one.get_text() for one in page.select("nav .rail-group")] == ["Work", "People"]


def test_signing_out_is_a_post_and_only_for_who_is_signed_in(rf: RequestFactory) -> None:
    assert not shown(rf).select("form[method=post]")
    (form,) = shown(rf, viewer_name="Ana Ruiz").select("form[method=post]")
    assert form["action"] == "/account/logout/"


def test_nothing_is_inline(rf: RequestFactory) -> None:
    page = shown(rf, viewer_name="Ana Ruiz", nav=[("Work", [("Queue", "/queue", True)])])
    assert not page.select("style, [style], script:not([src])")
