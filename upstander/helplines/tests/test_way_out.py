"""The way out of a page that somebody sits beside, and what a tab of it tells."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.urls import URLPattern

from conftest import Cast
from upstander.helplines.tests.setup import CONTACT, agency, whole
from upstander.helplines.urls import urlpatterns

pytestmark = pytest.mark.django_db
#: They are only posted to.
PRESSED = ("note", "end", "do", "untell")
_IDS = re.compile(r"<uuid:(\w+)>")


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
    """Return what an advocate reads; a partner has a link and nobody beside them."""
    return [one for one in urlpatterns if one.name not in (*PRESSED, "partner")]


@pytest.mark.parametrize("of", pages(), ids=lambda one: str(one.name))
def test_page_of_the_agency_has_the_way_out(cast: Cast, of: URLPattern) -> None:
    here = agency(cast)
    client, along = whole(here)
    ids = {"client_id": str(client), "accompaniment_id": str(along)}
    path = "/" + _IDS.sub(lambda found: ids[found[1]], str(of.pattern))
    answer = cast.client("wren").get(path)
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
