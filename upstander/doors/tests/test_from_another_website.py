"""What another website makes a reporter's browser send: it changes nothing, and loses no word."""

from __future__ import annotations

import pytest

from upstander.doors.tests.site import WORDS, Site, code_in, hidden_in, text_of
from upstander.tips.models import Tip

pytestmark = pytest.mark.usefixtures("either_intake")

#: What a browser says of a page of another site, and of another port or name of ours.
FROM_ELSEWHERE = ("cross-site", "same-site")


@pytest.mark.parametrize("site_said", FROM_ELSEWHERE)
def test_somebody_else_s_return_code_replaces_no_conversation(site: Site, site_said: str) -> None:
    attacker_s = code_in(site.send())
    site.client.cookies.clear()
    site.send()
    mine = site.client.cookies["talk"].value
    more = {"code": attacker_s, "text": "My own words"}
    refused = site.post("/back", more, **{"Sec-Fetch-Site": site_said})
    assert refused.status_code == 403
    assert not refused.cookies
    assert site.client.cookies["talk"].value == mine
    page = text_of(refused)
    assert "This came from another website" in page
    assert "My own words" in page
    # One press more must not open it either.
    assert attacker_s not in page


@pytest.mark.parametrize("site_said", FROM_ELSEWHERE)
def test_no_other_website_files_a_tip(site: Site, site_said: str) -> None:
    before = Tip.objects.count()
    refused = site.post("/report", {**site.form(), "text": WORDS}, **{"Sec-Fetch-Site": site_said})
    assert refused.status_code == 403
    assert Tip.objects.count() == before
    assert not refused.cookies
    page = text_of(refused)
    assert "Nothing was sent." in page
    assert "This came from another website" in page
    assert WORDS in page
    # Whoever did write it sends it from here: the page's own fields are whole.
    mine = {**hidden_in(page), "text": WORDS}
    again = site.post("/report", mine, **{"Sec-Fetch-Site": "same-origin"})
    assert again.status_code == 200
    assert Tip.objects.count() == before + 1


def test_an_old_browser_says_nothing_and_is_taken(site: Site) -> None:
    code = code_in(site.send())
    site.client.cookies.clear()
    assert site.post("/back", {"code": code}).status_code == 303
