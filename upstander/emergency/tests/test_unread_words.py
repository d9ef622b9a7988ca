"""What is now and bears no topic rings as a danger to life does, until somebody has read it."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Cast
from upstander.emergency.tests.story import a_tip
from upstander.escalations.actions.alerts import acknowledge, set_aside
from upstander.escalations.models import Acknowledgement, Alert, Page, Step
from upstander.escalations.tests.alerts import Carrier, Clock, asked, give, work
from upstander.people.scope import viewing
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
    assert seconds() == 300, "read: an urgent tip's clock"


def test_once_somebody_has_read_it_it_is_an_urgent_tip(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id = a_tip(cast, **WORDS_ALONE)
    cast.client("alice").get(f"/tips/{tip_id}")
    assert rings_after(cast, clock, tip_id, 270) == set()
    assert {"alice", "bea"} <= rings_after(cast, clock, tip_id, 60)


def test_whoever_says_i_have_it_and_does_not_open_it_silences_nothing(
    cast: Cast, carrier: Carrier, clock: Clock
) -> None:
    tip_id = a_tip(cast, **WORDS_ALONE)
    rings_after(cast, clock, tip_id, 90)
    acknowledge(cast.viewer("alice"), alert_of(tip_id).pk, Acknowledgement.Answer.HAVE_IT)
    assert "sam" in rings_after(cast, clock, tip_id, 60)
    cast.client("bea").get(f"/tips/{tip_id}")
    told = Page.objects.filter(alert__subject_id=tip_id, cause="unread").count()
    rings_after(cast, clock, tip_id, 240)
    assert Page.objects.filter(alert__subject_id=tip_id, cause="unread").count() == told


@pytest.mark.parametrize(("tile", "when"), [("", "soon"), ("", "past"), ("bullying", "now")])
def test_what_has_a_topic_or_a_later_time_waits_as_before(
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
