"""A contact: from the call to what the family says, through the pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import ProgrammingError
from django.http import Http404
from django.test import Client

from conftest import Cast
from upstander.audit.models import Entry
from upstander.directory.models import Service
from upstander.matters.folders import FolderShut
from upstander.people.scope import viewing
from upstander.referrals import actions
from upstander.referrals.models import Contact, Referral
from upstander.referrals.tests.setup import STORY, TOLD, contact, everything, link, services, told
from upstander.retention.sweeps import YEAR, dispose
from upstander.retention.tests.setup import set_clock
from upstander.vault.models import ShredKey

pytestmark = pytest.mark.django_db
FORM = {
    "danger": "none",
    "way": "call",
    "language": "es",
    "first": "housing",
    "more": ["food"],
    "story": STORY,
    "town": "Hartford",
}
OTHERS = ("tara", "tom", "dee", "ada", "otto", "cora", "charlie")


def test_call_ends_by_the_family_s_yes(cast: Cast) -> None:
    """The main road: a call, two needs, a referral, the agency's answer, the family's word."""
    services()
    client: Any = cast.client("alice")
    sent = client.post("/contacts/new", {**FORM, "district": cast.maple.pk})
    assert sent.status_code == 302
    one = Contact.objects.get()
    page = client.get(sent["Location"]).content.decode()
    assert STORY in page
    refer = re.search(rf"/contacts/{one.pk}/refer/([\w-]+)\?need=housing", page)
    assert refer is not None, "somebody is suggested"
    at = f"/contacts/{one.pk}/refer/{refer[1]}"
    assert client.get(f"{at}?need=housing").status_code == 200
    made = client.post(
        at,
        {
            "need": "housing",
            "consent": "adult",
            "told": TOLD,
            "email": "agency@example.org",
            "days": "30",
            "channel": "call",
            "reach": "860-555-0142",
        },
    )
    words = re.search(r'id="words">([^<]+)<', made.content.decode())
    assert words is not None
    agency, url = Client(HTTP_HOST="localhost"), f"/r/{link()}"
    assert TOLD not in agency.get(url).content.decode()
    assert TOLD in agency.post(url, {"words": words[1]}).content.decode()
    agency.post(url, {"words": words[1], "said": "served"})
    row = Referral.objects.get()
    assert (row.agency, row.outcome) == ("served", ""), "an agency ends nothing"
    referral = f"/contacts/{one.pk}/referrals/{row.pk}"
    refused = client.post(f"/contacts/{one.pk}/end", follow=True).content.decode()
    assert "has not said yet" in refused
    client.post(f"{referral}/helped", {"outcome": "met", "own": "We can stay."})
    row.refresh_from_db()
    assert (row.outcome, row.wrapped, row.link_hash, row.ask_at) == ("met", None, None, None)
    assert agency.post(url, {"words": words[1]}).status_code == 410
    assert "We can stay." in client.get(f"/contacts/{one.pk}").content.decode()
    client.post(f"/contacts/{one.pk}/end")
    assert Contact.objects.get().ended_at is not None
    acts = Entry.objects.filter(subject_kind="contact").values_list("action", flat=True)
    assert {"contact taken", "referral told", "agency answered", "family answered"} <= set(acts)


@pytest.mark.parametrize("who", OTHERS)
def test_contact_is_hidden_from(cast: Cast, who: str) -> None:
    """Page, query and database: a school, the district, an administrator, police, a stranger."""
    one = contact(cast)
    told(cast, one)
    assert cast.client(who).get(f"/contacts/{one}").status_code in (403, 404)
    viewer = cast.viewer(who)
    with pytest.raises((Http404, FolderShut, ProgrammingError)):
        actions.open_contact(viewer, one)
    if who != "otto":  # police read no record at all
        with viewing(viewer):
            assert not Entry.objects.filter(subject_kind="contact").exists()


def test_contact_opens_for_colleagues_of_its_center(cast: Cast) -> None:
    one = contact(cast)
    assert actions.open_contact(cast.viewer("bea"), one).words["story"] == STORY
    with pytest.raises(Http404):
        actions.open_contact(cast.viewer("bea", unlocked=False), one)


def test_stolen_database_holds_no_word(cast: Cast) -> None:
    one = contact(cast)
    told(cast, one)
    rows = everything()
    for word in ("rent", "family", "860-555-0142", "agency@example.org"):
        assert word not in rows


def test_danger_stands_before_all_else(cast: Cast) -> None:
    client = cast.client("alice")
    for danger, says in (
        ("now", "911 first"),
        ("crisis", "mobile crisis first"),
        ("child_hurt", "this page is not your report"),
    ):
        page = client.get(f"/contacts/{contact(cast, danger=danger)}").content.decode()
        assert says in page


def test_contact_without_danger_is_asked_for_it(cast: Cast) -> None:
    form = {**FORM, "district": cast.maple.pk, "danger": ""}
    answer: Any = cast.client("alice").post("/contacts/new", form)
    assert answer.status_code == 422
    assert b"Ask this first." in answer.content
    assert STORY.encode() in answer.content, "nothing that was typed is lost"
    assert not Contact.objects.exists()


def test_violence_is_asked_after_by_named_ways_alone(cast: Cast) -> None:
    services()
    one = contact(cast, needs=["domestic_violence"])
    service = Service.objects.filter(confidential=True)[0]
    at = f"/contacts/{one}/refer/{service.pk}"
    form = {"need": "domestic_violence", "consent": "numbers", "days": "7", "channel": "call"}
    answer: Any = cast.client("alice").post(at, {**form, "reach": "860-555-0142"})
    assert answer.status_code == 422
    assert answer.content.decode().count("For their safety") >= 2
    cast.client("alice").post(at, {**form, "channel": ""})
    assert Referral.objects.get().ask_at is None


def test_contact_is_destroyed_a_year_after_it_ended(cast: Cast) -> None:
    one = contact(cast)
    actions.end_contact(actions.open_contact(cast.viewer("alice"), one))
    ended = Contact.objects.get().ended_at
    assert ended is not None
    set_clock(ended + YEAR / 2)
    dispose()
    assert Contact.objects.exists()
    set_clock(ended + YEAR * 1.01)
    dispose()
    assert not Contact.objects.exists()
    assert not ShredKey.objects.filter(subject=one).exists()
