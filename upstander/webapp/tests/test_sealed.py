"""A sealed report goes the same way as the form's, and once."""

from __future__ import annotations

import pytest
from django.conf import settings

from upstander.doors.tests.site import WORDS, Site
from upstander.tips.models import Tip
from upstander.webapp.tests.sealing import said, sealed, sealed_raw


def test_sealed_report_sent_twice_is_one_tip(site: Site) -> None:
    same = sealed(district="maple-valley", tile="threat")
    first = site.post("/app/report", same)
    assert (first.status_code, said(first)) == (200, {})
    assert first.cookies == {}, "no code and no conversation before somebody asks"
    code = site.post("/app/report", {**same, "show": "1"})
    assert len(said(code)["code"].split()) == 7
    assert code.cookies["talk"]["httponly"]
    assert WORDS in site.get("/talk/live").content.decode()
    # From a page of another language too: the words are of the one it was written in.
    again = site.post("/es/app/report", {**same, "show": "1"})
    assert said(again) == said(code)
    tip = Tip.objects.get()
    assert (tip.tile, tip.channel, tip.district_id) == ("threat", "web", site.cast.maple.pk)


@pytest.mark.parametrize(
    "plain",
    [b"", b"\xff", b"[]", b"{}", b'{"token": ["x"]}', b'{"token": "x", "text": 7}', b"[" * 9999],
)
def test_sealed_nonsense_is_422(site: Site, plain: bytes) -> None:
    refused = site.post("/app/report", sealed_raw(plain))
    assert refused.status_code == 422
    assert said(refused)["problem"]
    assert not Tip.objects.exists()


@pytest.mark.parametrize("raw", ["", "%", "AAAA", "A" * 400, "é"])
def test_bytes_that_no_key_opens_are_422(site: Site, raw: str) -> None:
    month = settings.APP_KEYS.current().month
    for wrong in ({"sealed": raw}, {"sealed": raw, "month": month}, {"month": "../code"}):
        assert site.post("/app/report", wrong).status_code == 422
    assert not Tip.objects.exists()


def test_sealed_form_is_judged_as_the_form_is(site: Site) -> None:
    empty = site.post("/es/app/report", sealed(text="  ", lang="es"))
    assert empty.status_code == 422
    assert "escribe" in said(empty)["problem"].lower()
    assert site.post("/app/report", sealed(), **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert not Tip.objects.exists()


def test_report_whose_key_is_gone_says_so(site: Site) -> None:
    refused = site.post("/app/report", {**sealed(), "month": "2020-01"})
    assert (refused.status_code, said(refused)["gone"]) == (422, True)
