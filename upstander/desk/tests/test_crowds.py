"""What came among very many from one place: junk is set aside, and nothing about a life ever is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from conftest import Cast
from upstander.desk.live_rows import alarms, render_rows
from upstander.desk.tests.story import handed_off
from upstander.desk.tests.test_nobody_waits import alert_of, asked, pass_time
from upstander.desk.tests.tips import a_life_safety_tip, a_tip
from upstander.escalations.models import Alert
from upstander.escalations.sweeps import sweep_news, sweep_next_steps
from upstander.intake.priority import Priority
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.work import assess_tip, claim_tip, mark_junk
from upstander.triage.queries import QueueFilter, counts_for, queue_tips

ALIKE = b"\x07" * 8
#: In words that a counselor reads.
NOTE = "very many from the same place"


def queue_of(cast: Cast) -> list[UUID]:
    """Return the tips of Alice's first page of the queue, in its order."""
    alice = cast.viewer("alice")
    with viewing(alice):
        return [tip.pk for tip in queue_tips(alice, QueueFilter())]


def test_a_school_behind_one_address_that_reports_a_danger_is_not_set_aside(cast: Cast) -> None:
    alice = cast.viewer("alice")
    crowd = [a_life_safety_tip(cast, similarity=bytes([n]) * 8).tip_id for n in range(5)]
    assert not Tip.objects.filter(junk=True).exists()
    assert set(queue_of(cast)) == set(crowd)
    with viewing(alice):
        counts = counts_for(alice)
        assert (counts.unread, counts.unclaimed) == (5, 5)
        assert counts.oldest is not None
    assert set(alarms(alice)) == {(str(tip), True) for tip in crowd}
    rows = render_rows(alice, crowd)
    assert all("data-alarm" in row and NOTE in row for row in rows.values())
    page = cast.client("alice").get(f"/tips/{crowd[0]}").content.decode()
    assert (str(crowd[0]), False) in alarms(alice), "somebody has opened it"
    assert NOTE in page
    assert "Set aside" not in page


def test_what_is_no_danger_is_set_aside_as_before(cast: Cast) -> None:
    tip = a_tip(cast, similarity=ALIKE).tip_id
    assert Tip.objects.get(pk=tip).junk
    assert not queue_of(cast)


def test_a_flood_of_dangers_keeps_no_tip_from_elsewhere_off_the_first_page(cast: Cast) -> None:
    flood = [a_life_safety_tip(cast, similarity=ALIKE).tip_id for _ in range(3)]
    child = a_life_safety_tip(cast).tip_id
    Tip.objects.filter(pk=child).update(
        waiting_since=Tip.objects.get(pk=flood[0]).received_at + timedelta(minutes=5)
    )
    assert queue_of(cast)[0] == child
    assert alarms(cast.viewer("alice"))[0] == (str(child), True)


def test_junk_whose_answers_tell_of_a_danger_is_on_the_queue_from_then_on(cast: Cast) -> None:
    filed = a_tip(cast, similarity=ALIKE)
    assert not queue_of(cast)
    reporter.add_answers(filed.session_token, {"when": "now", "hurt_today": "yes"})
    assert queue_of(cast) == [filed.tip_id]
    assert (str(filed.tip_id), True) in alarms(cast.viewer("alice"))


def test_who_called_it_junk_has_it_no_more_once_it_tells_of_a_danger(cast: Cast) -> None:
    filed = a_tip(cast)
    mark_junk(cast.viewer("alice"), filed.tip_id, junk=True)
    reporter.add_answers(filed.session_token, {"when": "now", "hurt_today": "yes"})
    assert queue_of(cast) == [filed.tip_id]
    sweep_news()
    sweep_next_steps()
    alert = alert_of(filed.tip_id)
    assert alert.state == Alert.State.OPEN
    pass_time(alert, 3600)
    assert cast.people["bea"].pk in asked(alert)


def test_a_counselor_who_judges_it_a_danger_takes_it_from_junk(cast: Cast) -> None:
    filed, alice = a_tip(cast, similarity=ALIKE), cast.viewer("alice")
    assess_tip(open_tip(alice, filed.tip_id), {}, Priority.LIFE_SAFETY)
    assert queue_of(cast) == [filed.tip_id]
    assert not alert_of(filed.tip_id).crowded


def test_the_database_keeps_a_danger_from_junk_whoever_writes(cast: Cast) -> None:
    filed = a_life_safety_tip(cast)
    Tip.objects.filter(pk=filed.tip_id).update(junk=True)
    assert not Tip.objects.get(pk=filed.tip_id).junk


class TestMarkedByAPerson:
    def test_nobody_s_phone_rings_for_junk(self, cast: Cast) -> None:
        filed = a_tip(cast)
        mark_junk(cast.viewer("alice"), filed.tip_id, junk=True)
        alert = alert_of(filed.tip_id)
        assert (alert.state, alert.acknowledged_by) == (
            Alert.State.ACKNOWLEDGED,
            cast.people["alice"].pk,
        )
        pass_time(alert, 7 * 24 * 3600)
        sweep_next_steps()
        assert not asked(alert)

    @pytest.mark.parametrize("who", ["alice", "bea"])
    def test_taken_back_by_anybody_it_asks_anew(self, cast: Cast, who: str) -> None:
        filed = a_tip(cast)
        mark_junk(cast.viewer("alice"), filed.tip_id, junk=True)
        mark_junk(cast.viewer(who), filed.tip_id, junk=False)
        alert = alert_of(filed.tip_id)
        assert alert.state == Alert.State.OPEN
        pass_time(alert, 3600)
        assert asked(alert) >= {cast.people[n].pk for n in ("alice", "bea")}

    def test_taken_back_it_is_theirs_who_claimed_it_and_their_clock_runs(self, cast: Cast) -> None:
        filed = a_tip(cast)
        claim_tip(cast.viewer("bea"), filed.tip_id)
        mark_junk(cast.viewer("alice"), filed.tip_id, junk=True)
        assert alert_of(filed.tip_id).next_step_due_at is None
        mark_junk(cast.viewer("alice"), filed.tip_id, junk=False)
        alert = alert_of(filed.tip_id)
        assert alert.acknowledged_by == cast.people["bea"].pk
        assert alert.next_step_due_at is not None

    def test_taken_back_from_a_flood_it_waits_behind_none(self, cast: Cast) -> None:
        first = a_tip(cast, similarity=ALIKE)
        assert alert_of(first.tip_id).crowded
        mark_junk(cast.viewer("alice"), first.tip_id, junk=False)
        Tip.objects.filter(pk=first.tip_id).update(
            waiting_since=Tip.objects.get(pk=first.tip_id).received_at - timedelta(minutes=5)
        )
        second = a_tip(cast)
        assert queue_of(cast) == [first.tip_id, second.tip_id]
        assert not alert_of(first.tip_id).crowded

    def test_what_similarity_set_aside_rings_until_a_person_says_the_same(self, cast: Cast) -> None:
        filed, client = a_tip(cast, similarity=ALIKE), cast.client("alice")
        assert "Mark as junk" in client.get(f"/tips/{filed.tip_id}").content.decode()
        assert alert_of(filed.tip_id).state == Alert.State.OPEN
        client.post(f"/tips/{filed.tip_id}/junk", {"junk": "yes"})
        assert alert_of(filed.tip_id).state == Alert.State.ACKNOWLEDGED
        assert "Mark as junk" not in client.get(f"/tips/{filed.tip_id}").content.decode()

    def test_a_school_that_was_asked_is_asked_on(self, cast: Cast) -> None:
        handed = handed_off(cast, who="someone", when="past")
        tip = Tip.objects.get(pk=handed.tip_id)
        assert tip.priority != Priority.LIFE_SAFETY
        mark_junk(cast.viewer("alice"), handed.tip_id, junk=True)
        assert alert_of(handed.tip_id).state == Alert.State.OPEN
