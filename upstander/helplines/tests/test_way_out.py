"""The way out of a page that somebody sits beside, and what a tab of it tells."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, reverse

from conftest import Cast
from upstander.helplines.tests.setup import CONTACT, agency, things, whole
from upstander.helplines.urls import app_name, urlpatterns

pytestmark = pytest.mark.django_db
#: They are only posted to.
PRESSED = ("note", "end", "do", "untell", "volunteer")
#: They tell of nobody who came: of staff, a table, and a page that somebody is sent by phone.
APART = ("volunteers", "handover", "figures_csv", "partner")


def way_out(page: str) -> None:
    """Find the public site's way out, above all else that is read, and nothing told by the tab."""
    head, _, body = page.partition("</head>")
    assert re.findall(r"<title>(.*?)</title>", page) == ["Notes"]
    assert "desk.svg" not in head
    link = re.search(r"<a\s+class=\"leave\"[^>]*>", body)
    assert link is not None
    for said in (f'href="{settings.NEUTRAL_URL}"', 'rel="noreferrer"', 'data-key="x"'):
        assert said in link[0]
    assert body.index("data-leave") < body.index("<h1")
    assert "ui/public" in head, "what empties the page and its place in the history"


def pages() -> list[URLPattern]:
    """Return what is read beside a client; a partner has a link and nobody beside them."""
    return [one for one in urlpatterns if one.name not in (*PRESSED, *APART)]


@pytest.mark.parametrize("of", pages(), ids=lambda one: str(one.name))
def test_page_of_the_agency_has_the_way_out(cast: Cast, of: URLPattern) -> None:
    here = agency(cast)
    known: dict[str, Any] = things(here)
    needed = {name: known[name] for name in of.pattern.converters}
    answer = cast.client("ines").get(reverse(f"{app_name}:{of.name}", kwargs=needed))
    assert answer.status_code == 200
    way_out(answer.content.decode())


def test_page_that_refuses_has_the_way_out(cast: Cast) -> None:
    here = agency(cast)
    client, _ = whole(here)
    for path, sent in (
        ("/clients/new", {"name": "Moth", **CONTACT, "words": ""}),
        (f"/clients/{client}/plan", {"do": "keep", "language": "en"}),
    ):
        way_out(cast.client("wren").post(path, sent).content.decode())
    way_out(cast.client("alice").get("/clients").content.decode())
