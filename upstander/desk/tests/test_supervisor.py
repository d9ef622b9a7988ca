"""The supervisor's page: load, what is stuck, times; numbers of the work and no ranking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models import F

from conftest import Cast
from upstander.desk.templatetags.desk import span
from upstander.desk.tests.tips import a_life_safety_tip, a_tip
from upstander.places.models import StaffSession
from upstander.tips.actions import add_reply
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage import load
from upstander.triage.actions import claim_tip


def test_it_shows_who_is_on_and_what_each_holds(cast: Cast) -> None:
    sam = cast.client("sam")
    bea = cast.viewer("bea")
    StaffSession.objects.filter(person_id=bea.person_id).update(
        used_at=F("used_at") - timedelta(minutes=16)
    )
    claim_tip(cast.viewer("alice"), a_tip(cast).tip_id)
    people = {
        one.name: (one.on, one.holds, one.waiting)
        for one in sam.get("/supervisor").context["people"]
    }
    assert people == {"Alice": (True, 1, 1), "Bea": (False, 0, 0), "Sam": (True, 0, 0)}


@pytest.mark.parametrize("name", ["alice", "tom", "dee", "ada"])
def test_others_have_no_such_page(cast: Cast, name: str) -> None:
    assert cast.client(name).get("/supervisor").status_code == 403


def test_what_waits_too_long_needs_somebodys_eyes(cast: Cast) -> None:
    fresh, old = a_life_safety_tip(cast), a_life_safety_tip(cast)
    Tip.objects.filter(pk=old.tip_id).update(
        waiting_since=F("waiting_since") - timedelta(minutes=3)
    )
    stuck = cast.client("sam").get("/supervisor").context["stuck"]
    assert [row.reference for row in stuck] == [old.reference]
    assert fresh.reference not in [row.reference for row in stuck]


def test_the_times_cannot_be_bettered_by_not_reading(cast: Cast) -> None:
    quick = a_tip(cast)
    a_tip(cast)
    Tip.objects.update(received_at=F("received_at") - timedelta(minutes=30))
    add_reply(open_tip(cast.viewer("alice"), quick.tip_id), "We are here.")
    Tip.objects.filter(pk=quick.tip_id).update(
        first_read_at=F("received_at") + timedelta(minutes=1),
        first_reply_at=F("received_at") + timedelta(minutes=2),
    )
    day = cast.client("sam").get("/supervisor").context["times"][0]
    assert day.tips == 2
    assert day.read_median == pytest.approx((60 + 1800) / 2, abs=5)
    assert day.reply_p90 > 1600


def test_the_times_cost_no_more_when_there_are_many(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "TIMED", 3)
    for _ in range(5):
        a_tip(cast)
    page = cast.client("sam").get("/supervisor")
    assert [span.tips for span in page.context["times"]] == [3, 3]
    assert "the newest 3" in page.content.decode()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "–"),
        (4.4, "4 s"),
        (61, "1 min"),
        (7500, "2 h 5 min"),
        (7200, "2 h"),
        (900000, "10 days"),
    ],
)
def test_spans_in_words(seconds: float | None, words: str) -> None:
    assert span(seconds) == words
