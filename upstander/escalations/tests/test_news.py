"""A reporter who waits, a priority that changes, a clock that jumps: what becomes of it."""

from __future__ import annotations

import pytest
from django.db import connection

from conftest import Cast
from upstander.base.moment import database_now
from upstander.escalations.actions.alerts import (
    acknowledge,
    hand_back,
    progress,
    reporter_answered,
    settle_subject,
)
from upstander.escalations.actions.judging import follow_priority
from upstander.escalations.models import Acknowledgement, Alert, News, Page, Step, Task
from upstander.escalations.tests.alerts import (
    Carrier,
    Clock,
    a_tip_s_alert,
    an_alert,
    as_worker,
    asked,
    pass_time,
    work,
)
from upstander.escalations.time_jumps import sweep_clock
from upstander.intake.priority import Priority

HAVE_IT = Acknowledgement.Answer.HAVE_IT
LIFE, URGENT, ROUTINE = Priority.LIFE_SAFETY, Priority.URGENT, Priority.ROUTINE


def wrote(alert: Alert) -> None:
    News.objects.create(subject_id=alert.subject_id, kind="wrote", at=database_now())


class TestReporterWaits:
    def test_two_minutes_without_an_answer_ring_the_counselors_and_then_the_supervisor(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "cedar")
        acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
        wrote(alert)
        work()
        assert asked(cast, alert, cause="unanswered") == set()
        pass_time(alert, 121)
        work()
        assert {"alice", "bea"} <= asked(cast, alert, cause="unanswered")
        before = Page.objects.filter(cause="unanswered").count()
        pass_time(alert, 61)
        work()
        assert Page.objects.filter(cause="unanswered").count() > before
        assert Alert.objects.get(pk=alert.pk).state == "acknowledged", "that is another matter"

    def test_an_answer_ends_it(self, cast: Cast, carrier: Carrier) -> None:
        alert = an_alert(cast, "cedar")
        wrote(alert)
        work()
        reporter_answered(alert.subject_id)
        pass_time(alert, 500)
        work()
        assert not Page.objects.filter(cause="unanswered").exists()

    def test_an_answer_before_the_worker_has_looked_ends_it_too(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "cedar")
        acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
        wrote(alert)
        reporter_answered(alert.subject_id)
        work()
        assert not Step.objects.filter(cause="unanswered").exists()
        assert not Page.objects.filter(cause="news").exists()

    def test_what_is_not_life_safety_rings_nobody(self, cast: Cast, carrier: Carrier) -> None:
        alert = an_alert(cast, "cedar", priority=URGENT)
        wrote(alert)
        work()
        assert not Step.objects.filter(cause="unanswered").exists()

    def test_they_write_on_and_on_and_ring_once(self, cast: Cast, carrier: Carrier) -> None:
        alert = an_alert(cast, "cedar")
        for _ in range(5):
            wrote(alert)
            work()
        assert Step.objects.filter(cause="unanswered").count() == 2

    def test_whoever_has_it_at_the_school_is_paged(self, cast: Cast, carrier: Carrier) -> None:
        alert = an_alert(cast, "cedar")
        work()
        acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
        for _ in range(3):
            wrote(alert)
            work(2)
        assert asked(cast, alert, cause="news") == {"tom"}
        assert Page.objects.filter(cause="news", channel="email").count() == 1
        pass_time(alert, 130)
        wrote(alert)
        work(2)
        assert Page.objects.filter(cause="news", channel="email").count() == 2

    def test_claimed_and_silent_for_a_minute_rings_the_others(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = a_tip_s_alert(cast)
        work()
        settle_subject(
            alert.subject_id, cast.people["alice"].pk, database_now(), waits_since=alert.opened_at
        )
        pass_time(alert, 59)
        work(2)
        assert Alert.objects.get(pk=alert.pk).state == "acknowledged"
        pass_time(alert, 2)
        work(2)
        assert Alert.objects.get(pk=alert.pk).state == "open"
        assert {"alice", "bea"} <= asked(cast, alert)

    def test_a_note_is_no_answer_to_the_child(self, cast: Cast, carrier: Carrier) -> None:
        alert = a_tip_s_alert(cast)
        work()
        settle_subject(
            alert.subject_id, cast.people["alice"].pk, database_now(), waits_since=alert.opened_at
        )
        progress(alert.subject_id)
        pass_time(alert, 121)
        work(2)
        assert Alert.objects.get(pk=alert.pk).state == "acknowledged"
        assert asked(cast, alert, cause="unanswered")

    def test_put_back_its_clock_begins_anew(self, cast: Cast, carrier: Carrier) -> None:
        alert = a_tip_s_alert(cast)
        work()
        alice = cast.people["alice"].pk
        settle_subject(alert.subject_id, alice, database_now())
        hand_back(alert.subject_id, alice, database_now())
        due = alert.steps.get(target="center", cause="policy").due_at
        assert (due - database_now()).total_seconds() == pytest.approx(60, abs=2)
        assert Alert.objects.get(pk=alert.pk).state == "open"


class TestReassessed:
    def test_up_begins_the_new_policy_and_keeps_what_was(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "cedar", priority=ROUTINE)
        work()
        before = Page.objects.filter(alert_id=alert.pk).count()
        follow_priority(alert.subject_id, LIFE, database_now())
        work(2)
        assert Page.objects.filter(alert_id=alert.pk).count() > before
        assert alert.steps.filter(state="replaced").count() == 3
        assert alert.steps.filter(target="call_task", state="due").exists()
        assert asked(cast, alert) == {"tara", "tom", "uma"}

    def test_down_asks_at_the_slower_pace(self, cast: Cast, carrier: Carrier) -> None:
        alert = an_alert(cast, "cedar")
        work()
        follow_priority(alert.subject_id, URGENT, database_now())
        work()
        due = alert.steps.filter(state="due").order_by("due_at")[0]
        assert due.target == "backups"
        assert (due.due_at - database_now()).total_seconds() > 800
        assert not alert.steps.filter(target="call_task", state="due").exists()

    def test_whoever_has_it_is_told_and_has_ten_minutes(self, cast: Cast, carrier: Carrier) -> None:
        alert = an_alert(cast, "cedar", priority=ROUTINE)
        work()
        acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
        progress(alert.subject_id)
        follow_priority(alert.subject_id, LIFE, database_now())
        work(2)
        assert asked(cast, alert, cause="news") == {"tom"}
        fresh = Alert.objects.get(pk=alert.pk)
        assert fresh.state == "acknowledged"
        assert fresh.next_step_due_at is not None
        pass_time(alert, 601)
        work(2)
        pass_time(alert, 121)
        work(2)
        assert Alert.objects.get(pk=alert.pk).state == "open"

    def test_what_turns_out_to_happen_now_is_to_be_read_and_decided(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "cedar")
        Alert.objects.filter(pk=alert.pk).update(happening_now=True)
        News.objects.create(subject_id=alert.subject_id, kind="assessed", at=database_now())
        work()
        assert Task.objects.get().kind == "decide_911"

    def test_claimed_within_the_first_second_it_is_to_be_read_and_decided_all_the_same(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = a_tip_s_alert(cast, happening_now=True)
        settle_subject(alert.subject_id, cast.people["alice"].pk, database_now())
        work()
        assert Task.objects.get().kind == "decide_911"
        assert Alert.objects.get(pk=alert.pk).state == "acknowledged"
        assert not asked(cast, alert, cause="policy")


class TestTimeJumps:
    def test_an_hour_back_leaves_nobody_waiting_an_hour(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        alert = an_alert(cast, "cedar")
        work()
        clock.move(-3600)
        work()
        due = alert.steps.filter(state="due").order_by("due_at")[0]
        assert (due.due_at - database_now()).total_seconds() == pytest.approx(180, abs=2)
        clock.move(181)
        work()
        assert Page.objects.filter(alert_id=alert.pk, step_number=2).exists()

    def test_one_jump_moves_things_once_whoever_sees_it(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        alert = an_alert(cast, "cedar")
        work()
        clock.move(-3600)
        with as_worker():
            assert sweep_clock() > 0
            assert sweep_clock() == 0
        due = alert.steps.filter(state="due").order_by("due_at")[0]
        assert (due.due_at - database_now()).total_seconds() == pytest.approx(180, abs=2)

    def test_a_claim_of_the_time_before_is_no_claim_for_an_hour(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        alert = an_alert(cast, "birch")
        work()
        Page.objects.filter(alert_id=alert.pk).update(state="due", lease_token=alert.pk)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE escalations_page SET lease_until = api.clock_now() + interval '3 s'"
            )
        clock.move(-3600)
        with as_worker():
            sweep_clock()
        page = Page.objects.get(alert_id=alert.pk)
        assert page.lease_until is not None
        assert (page.lease_until - database_now()).total_seconds() <= 4

    def test_an_hour_forward_asks_each_once(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        alert = an_alert(cast, "cedar")
        work()
        clock.move(3600)
        work(2)
        assert Page.objects.filter(alert_id=alert.pk, step_number=1, channel="email").count() == 6
        due = alert.steps.filter(state="due", cause="policy").order_by("due_at")[0]
        assert 0 < (due.due_at - database_now()).total_seconds() <= 180
