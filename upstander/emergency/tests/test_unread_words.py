"""What bears no topic rings as a danger to life does, until somebody has read and judged it."""

from __future__ import annotations

from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse

from conftest import Cast
from upstander.base.moment import database_now
from upstander.emergency.tests.story import a_tip
from upstander.escalations.actions.alerts import acknowledge, set_aside
from upstander.escalations.models import Acknowledgement, Alert, Page, Step
from upstander.escalations.policy import CLAIMED_SECONDS
from upstander.escalations.tests.alerts import Carrier, Clock, asked, give, work
from upstander.people.scope import viewing
from upstander.tips.actions.writing import add_reply
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import claim_tip
from upstander.triage.queries import QueueFilter, queue_tips
from upstander.triage.rows import rows_for

WORDS_ALONE = {"tile": "", "when": "now"}


def alert_of(tip_id: UUID) -> Alert:
    return Alert.objects.get(subject_id=tip_id)


def rings_after(cast: Cast, clock: Clock, tip_id: UUID, seconds: int) -> set[str]:
    """Return who was asked within so many seconds from now, by any way."""
    for _ in range(seconds // 30):
        clock.move(30)
        work()
    return asked(cast, alert_of(tip_id))


def test_it_rings_after_a_minute_and_then_the_supervisor_as_life_safety_does(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    for name in ("alice", "bea", "sam"):
        give(cast.people[name], "voice", "sms")
    tip_id = a_tip(cast, **WORDS_ALONE)
    assert alert_of(tip_id).priority == "urgent", "words alone raise nothing; the clock does"
    work()
    clock.move(59)
    work()
    assert asked(cast, alert_of(tip_id)) == set()
    clock.move(3)
    work()
    assert {"alice", "bea"} <= asked(cast, alert_of(tip_id))
    next_ = Step.objects.filter(alert__subject_id=tip_id, target="supervisor", cause="unread")
    assert next_.get().state == "due", "the supervisor a minute later"
    assert {"alice", "bea", "sam"} <= rings_after(cast, clock, tip_id, 60)
    assert next_.get().round == 2
    rung = Page.objects.filter(alert__subject_id=tip_id, channel="voice")
    assert rung.exists(), "phones, not texts alone"
    assert rings_after(cast, clock, tip_id, 120)
    rounds = Page.objects.filter(alert__subject_id=tip_id, cause="unread")
    assert max(rounds.values_list("round", flat=True)) > 1, "every two minutes again"


def test_the_queue_counts_down_to_the_phones_that_ring(cast: Cast, clock: Clock) -> None:
    tip_id, alice = a_tip(cast, **WORDS_ALONE), cast.viewer("alice")

    def seconds() -> int:
        with viewing(alice):
            [row] = rows_for(queue_tips(alice, QueueFilter()))
        assert row.alert is not None
        assert row.alert.due is not None
        return round((row.alert.due - alert_of(tip_id).opened_at).total_seconds())

    assert seconds() == 60
    clock.move(61)
    work()
    assert seconds() == 120, "the supervisor next"
    cast.client("alice").get(f"/tips/{tip_id}")
    assert seconds() == 120, "read, and nobody has judged it"


def by_one_press(cast: Cast, tip_id: UUID, page: HttpResponse) -> None:
    """Say on the tip's page that no life is in danger, as its button does."""
    [form] = [
        one
        for one in BeautifulSoup(page.content, "html.parser").select("form")
        if "Not life safety" in one.get_text()
    ]
    sent = {one["name"]: one["value"] for one in form.select("input")}
    assert cast.client("alice").post(form["action"], sent).status_code == 302


def test_words_alone_ring_until_judged(cast: Cast, carrier: Carrier, clock: Clock) -> None:
    for name in ("alice", "bea", "sam"):
        give(cast.people[name], "voice", "sms")
    tip_id = a_tip(cast, tile="")
    assert rings_after(cast, clock, tip_id, 30) == set()
    assert {"alice", "bea"} <= rings_after(cast, clock, tip_id, 60)
    page = cast.client("alice").get(f"/tips/{tip_id}")
    supervisor = Step.objects.get(alert__subject_id=tip_id, target="supervisor", cause="unread")
    assert (supervisor.due_at - alert_of(tip_id).opened_at).total_seconds() == 180
    rings_after(cast, clock, tip_id, 120)
    supervisor.refresh_from_db()
    assert supervisor.round == 2, "read, and nobody has judged it"
    told = Page.objects.filter(alert__subject_id=tip_id, cause="unread").count()
    by_one_press(cast, tip_id, page)
    rings_after(cast, clock, tip_id, 240)
    assert Page.objects.filter(alert__subject_id=tip_id, cause="unread").count() == told


def test_claim_unjudged_is_due_in_ten_minutes(cast: Cast, carrier: Carrier, clock: Clock) -> None:
    tip_id = a_tip(cast, tile="")
    claim_tip(cast.viewer("alice"), tip_id)
    page = cast.client("alice").get(f"/tips/{tip_id}")

    def left() -> float | None:
        due = alert_of(tip_id).next_step_due_at
        return due and (due - database_now()).total_seconds()

    assert left() == pytest.approx(CLAIMED_SECONDS, abs=2)
    clock.move(300)
    add_reply(open_tip(cast.viewer("alice"), tip_id), "Are you safe?")
    assert left() == pytest.approx(CLAIMED_SECONDS, abs=2), "an answer is no judgement"
    assert rings_after(cast, clock, tip_id, 570) == set(), "whoever reads it has it"
    assert "bea" in rings_after(cast, clock, tip_id, 60), "and then all are asked again"
    by_one_press(cast, tip_id, page)
    assert left() is None


def test_whoever_says_i_have_it_and_does_not_open_it_silences_nothing(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id = a_tip(cast, **WORDS_ALONE)
    rings_after(cast, clock, tip_id, 90)
    acknowledge(cast.viewer("alice"), alert_of(tip_id).pk, Acknowledgement.Answer.HAVE_IT)
    assert "sam" in rings_after(cast, clock, tip_id, 60)
    cast.client("alice").get(f"/tips/{tip_id}")
    told = Page.objects.filter(alert__subject_id=tip_id, cause="unread").count()
    rings_after(cast, clock, tip_id, 240)
    assert Page.objects.filter(alert__subject_id=tip_id, cause="unread").count() == told


@pytest.mark.parametrize(("tile", "when"), [("bullying", "now"), ("bullying", "past")])
def test_what_has_a_topic_waits_as_before(
    cast: Cast, carrier: Carrier, clock: Clock, tile: str, when: str
) -> None:
    tip_id = a_tip(cast, tile=tile, when=when)
    assert rings_after(cast, clock, tip_id, 240) == set()


def test_what_is_set_aside_rings_no_more(cast: Cast, carrier: Carrier, clock: Clock) -> None:
    tip_id, alice = a_tip(cast, **WORDS_ALONE), cast.viewer("alice")
    rings_after(cast, clock, tip_id, 90)
    with viewing(alice) as now:
        set_aside(tip_id, alice.person_id, now)
    assert not Step.objects.filter(alert__subject_id=tip_id, cause="unread", state="due").exists()


def test_what_came_in_a_crowd_stands_behind_as_on_the_queue(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id = a_tip(cast, **WORDS_ALONE)
    Alert.objects.filter(subject_id=tip_id).update(crowded=True)
    assert rings_after(cast, clock, tip_id, 240) == set()
