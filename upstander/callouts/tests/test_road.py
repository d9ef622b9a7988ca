"""A callout from a counselor's tip to the follow-up, through the pages and the worker."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from conftest import Cast
from upstander.audit.models import Entry
from upstander.callouts.models import Callout, Event, Site
from upstander.callouts.tests.setup import CHILD, DOG, WHERE, kinds, mobile, paged, row, sweep, tip
from upstander.cases.tests.story import begin as a_case

pytestmark = pytest.mark.django_db
FORM = {"danger": "no", "where": WHERE, "child": CHILD, "story": "In the bathroom.", "dog": DOG}


def test_callout_goes_from_a_tip_to_its_follow_up(cast: Cast) -> None:
    """The main road: a tip, triage, an offer, a yes, the way, the child, the end, the visit."""
    here = mobile(cast)
    subject = tip(cast)
    alice, mia, lou = cast.client("alice"), cast.client("mia"), cast.client("lou")
    ask = f"/callouts/new?tip={subject}"
    assert ask in alice.get(f"/tips/{subject}").content.decode()
    town = f"{here.north.pk}:Alder"
    sent: Any = alice.post(ask, {**FORM, "town": town, "language": "es"})
    assert sent.status_code == 302, sent.content.decode()
    assert sent["Location"] == f"/tips/{subject}"
    one = Callout.objects.get()
    page, do = f"/callouts/{one.pk}", f"/callouts/{one.pk}/do"
    assert alice.get(page).status_code == 404, "who asks reads no word of it again"
    assert "waits for triage" in alice.get(f"/tips/{subject}").content.decode()
    sweep(2)
    assert paged(one.pk) & {here.id_of(name) for name in ("mia", "max", "noor", "lou")}
    shown = lou.get(page).content.decode()
    assert WHERE in shown
    assert DOG in shown
    lou.post(do, {"act": "go", "code": "guardian"})
    board = lou.get("/callouts").content.decode()
    assert one.reference in board
    assert "From the decision to go" in board
    assert "From the first call" in board
    mia.post(do, {"act": "accept"})
    assert row(one.pk).held_by == here.id_of("mia")
    made = mia.post(do, {"act": "link"}).content.decode()
    link = re.search(r"/c/([\w-]+)", made)
    assert link is not None
    mia.post(do, {"act": "way", "minutes": "20"})
    family = Client(HTTP_HOST="localhost")
    told = family.get(f"/c/{link[1]}").content.decode()
    assert "Mia va hacia ustedes" in told
    assert "comes" not in told, "in the family's language"
    assert CHILD not in told
    family.post(f"/c/{link[1]}")
    assert row(one.pk).ring == "worse"
    mia.post(do, {"act": "arrived"})
    mia.post(do, {"act": "safe"})
    mia.post(do, {"act": "ended", "code": "stayed", "done": "called"})
    ended = row(one.pk)
    assert (ended.state, ended.safety, ended.held_by) == ("ended", None, None)
    assert family.get(f"/c/{link[1]}").status_code == 410
    assert DOG not in mia.get(page).content.decode()
    until = mia.get(page).content.decode()
    when = re.search(r'name="until"\s+value="([^"]+)"', until)
    assert when is not None, until
    mia.post(do, {"act": "visit", "until": when[1]})
    assert "Follow-up visits" in lou.get("/callouts").content.decode()
    mia.post(do, {"act": "followed"})
    assert kinds(one.pk) == [
        "asked",
        "go",
        "offered",
        "accepted",
        "way",
        "worse",
        "arrived",
        "safe",
        "seen_to",
        "ended",
        "visit",
        "followed",
    ]
    acts = Entry.objects.filter(subject_kind="callout").values_list("action", flat=True)
    assert {"callout asked", "callout opened", "callout stepped"} <= set(acts)
    assert Event.objects.filter(person_id=None).count() == 1, "the family alone has no name"


def test_school_asks_from_its_case(cast: Cast) -> None:
    here = mobile(cast)
    case = a_case(cast)
    tara = cast.client("tara")
    ask = f"/callouts/new?case={case}"
    assert ask in tara.get(f"/cases/{case}").content.decode()
    sent: Any = tara.post(ask, {**FORM, "town": f"{here.south.pk}:Birch", "language": "en"})
    assert sent["Location"] == f"/cases/{case}"
    one = Callout.objects.get()
    assert (one.way, one.subject_id, one.site_id) == ("case", case, here.south.pk)
    assert "waits for triage" in tara.get(f"/cases/{case}").content.decode()
    assert cast.client("bob").get(ask).status_code == 404, "another school's case"
    assert cast.client("noor").get(f"/callouts/{one.pk}").status_code == 200


def test_administrator_says_who_goes_out(cast: Cast) -> None:
    here = mobile(cast)
    form = {"team": here.north.pk, "towns": "Alder\nElm\nAlder", "neighbors": [here.south.pk]}
    ada = cast.client("ada")
    assert "River south" in ada.get("/callouts/sites").content.decode()
    ada.post("/callouts/sites", form)
    here.north.refresh_from_db()
    assert (here.north.towns, here.north.neighbors) == (["Alder", "Elm"], [here.south.pk])
    ada.post("/callouts/sites", {**form, "towns": ""})
    assert Site.objects.get().pk == here.south.pk
    assert cast.client("lou").get("/callouts/sites").status_code == 403
