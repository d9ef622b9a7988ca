"""What falls due, done with the worker's own rights: whom it asks, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.moment import database_now
from upstander.carriers.sending import Outcome
from upstander.escalations.actions.alerts import acknowledge, step_aside
from upstander.escalations.models import Acknowledgement, Alert, Page, Step, Task
from upstander.escalations.sending import MAX_ATTEMPTS, sweep_pages
from upstander.escalations.sweeps import sweep_steps
from upstander.escalations.tests.alerts import (
    LATER,
    REFUSED,
    Carrier,
    Clock,
    a_tip_s_alert,
    an_alert,
    as_worker,
    asked,
    exclude,
    give,
    pass_time,
    taken_back,
    work,
)
from upstander.intake.priority import Priority
from upstander.people.keys import mac_holder
from upstander.people.models import Person

TEAM = ("tara", "tom", "uma")
HAVE_IT, CANNOT = Acknowledgement.Answer.HAVE_IT, Acknowledgement.Answer.CANNOT


def test_a_page_is_written_before_it_is_sent(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    with as_worker():
        sweep_steps()
    assert asked(cast, alert, Page.State.DUE) == set(TEAM)
    assert mail.outbox == []
    with as_worker():
        assert sweep_pages() == 3
    assert {message.to[0] for message in mail.outbox} == {cast.people[n].email for n in TEAM}
    assert asked(cast, alert) == set(TEAM)
    work()
    assert len(mail.outbox) == 3


class TestWhoIsAskedWhen:
    def test_each_step_until_a_call_task_and_then_all_of_it_again(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "cedar")
        work()
        assert asked(cast, alert) == set(TEAM)
        pass_time(alert, 181)
        work()
        assert Page.objects.filter(alert_id=alert.pk, step_number=2).exists()
        assert not {"dee", "sam"} & asked(cast, alert)
        pass_time(alert, 181)
        work()
        assert {"dee", "sam"} <= asked(cast, alert)
        assert not Task.objects.exists()
        pass_time(alert, 121)
        work()
        task = Task.objects.get()
        assert (task.kind, task.state, task.alert_id) == ("call_school", "open", alert.pk)
        assert {"alice", "bea"} <= asked(cast, alert), "an untaken task rings the counselors"
        pass_time(alert, 121)
        work()
        assert set(
            Page.objects.filter(alert_id=alert.pk, step_number=1).values_list("round", flat=True)
        ) == {1, 2}
        assert not {"cora", "charlie", "pia", "bob", "ada"} & asked(cast, alert)

    def test_by_everybody_s_own_ways(self, cast: Cast, carrier: Carrier) -> None:
        give(cast.people["bob"], "sms", "voice", "push")
        alert = an_alert(cast, "birch")
        work()
        assert {way for _, way in carrier.sent} == {"sms", "push", "email"}
        later = Page.objects.get(alert_id=alert.pk, channel="voice", state=Page.State.DUE)
        assert (later.due_at - alert.opened_at) == timedelta(seconds=60)
        pass_time(alert, 61)
        work()
        assert "voice" in {way for _, way in carrier.sent}

    def test_what_happens_now_is_to_be_read_at_second_0_beside_everything(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "cedar", happening_now=True)
        work()
        assert Task.objects.get().kind == "decide_911"
        assert asked(cast, alert) == set(TEAM)

    def test_at_night_what_can_wait_waits_and_abuse_does_not(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        # Three in the morning, New York.
        night = datetime(2027, 3, 3, 8, 0, tzinfo=UTC)
        clock.move((night - database_now()).total_seconds())
        urgent = an_alert(cast, "cedar", priority=Priority.URGENT, raised=False)
        abuse = an_alert(cast, "cedar", priority=Priority.URGENT, raised=False, mandated=True)
        work()
        assert asked(cast, urgent) == set()
        assert asked(cast, abuse) == set(TEAM)
        first = urgent.steps.order_by("due_at")[0]
        assert first.due_at == datetime(2027, 3, 3, 11, 0, tzinfo=UTC)
        clock.move(3 * 3600 + 1)
        work()
        assert asked(cast, urgent) == set(TEAM)
        # Asked again by day only: what falls due at night is put off.
        clock.move(13 * 3600)
        work()
        due = urgent.steps.filter(state=Step.State.DUE).order_by("due_at")[0].due_at
        assert due == datetime(2027, 3, 4, 11, 0, tzinfo=UTC)

    def test_a_tip_rings_the_counselors_and_then_the_supervisor(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        alert = a_tip_s_alert(cast)
        work()
        assert asked(cast, alert) == set()
        clock.move(61)
        work()
        assert {"alice", "bea"} <= asked(cast, alert)
        clock.move(60)
        work()
        assert Page.objects.filter(alert_id=alert.pk, step_number=3).exists()

    def test_a_worker_that_was_away_for_an_hour_asks_each_once(
        self, cast: Cast, carrier: Carrier, clock: Clock
    ) -> None:
        alert = an_alert(cast, "cedar")
        clock.move(3600)
        work(3)
        pages = Page.objects.filter(alert_id=alert.pk, cause="policy")
        assert set(pages.values_list("round", flat=True)) == {1}
        assert {"tara", "dee", "sam"} <= asked(cast, alert)
        assert Task.objects.count() == 1


class TestAnswers:
    def test_an_answer_cancels_what_was_to_come(self, cast: Cast) -> None:
        alert = an_alert(cast, "cedar")
        with as_worker():
            sweep_steps()
        acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
        work()
        pass_time(alert, 500)
        work()
        assert mail.outbox == []
        assert asked(cast, alert, Page.State.CANCELLED) == set(TEAM)

    def test_have_it_and_then_silence_is_asked_again_and_then_goes_on(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "cedar")
        work()
        acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
        pass_time(alert, 601)
        work(2)
        fresh = Alert.objects.get(pk=alert.pk)
        assert (fresh.acknowledged_by, fresh.idle_asked) == (cast.people["tom"].pk, True)
        assert asked(cast, alert, cause="idle") == {"tom"}
        pass_time(alert, 121)
        work(2)
        fresh = Alert.objects.get(pk=alert.pk)
        assert (fresh.state, fresh.acknowledged_by) == (Alert.State.OPEN, None)
        # The next at once; then the others, each after as long as before.
        assert Page.objects.filter(alert_id=alert.pk, step_number=2).exists()
        assert "dee" not in asked(cast, alert)
        pass_time(alert, 181)
        work()
        assert "dee" in asked(cast, alert)

    def test_who_cannot_is_asked_no_more_and_the_others_at_once(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "cedar")
        work()
        acknowledge(cast.viewer("tom"), alert.pk, CANNOT)
        work()
        second = Page.objects.filter(alert_id=alert.pk, step_number=2)
        assert second.exists()
        assert cast.people["tom"].pk not in {page.person_id for page in second}
        due = alert.steps.get(target="district").due_at
        assert (due - database_now()).total_seconds() <= 180, "those after keep their distance"

    def test_a_team_of_which_nobody_can_is_not_waited_for(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "birch")
        work()
        acknowledge(cast.viewer("bob"), alert.pk, CANNOT)
        work(2)
        assert "dee" in asked(cast, alert)

    def test_who_had_it_and_cannot_after_all_is_followed_at_once(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "cedar")
        work()
        tom = cast.viewer("tom")
        acknowledge(tom, alert.pk, HAVE_IT)
        acknowledge(tom, alert.pk, CANNOT)
        work()
        assert Page.objects.filter(alert_id=alert.pk, step_number=2, state="sent").exists()

    def test_who_leaves_the_matter_is_followed(self, cast: Cast, carrier: Carrier) -> None:
        alert = an_alert(cast, "cedar")
        work()
        acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
        step_aside(alert.subject_id, cast.people["tom"].pk, database_now())
        exclude(alert, cast.people["tom"])
        work()
        second = Page.objects.filter(alert_id=alert.pk, step_number=2, state="sent")
        assert cast.people["tom"].pk not in {page.person_id for page in second}
        assert second.exists()


def test_a_exclusion_set_between_writing_and_sending_holds(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "cedar")
    with as_worker():
        sweep_steps()
    exclude(alert, cast.people["uma"])
    with as_worker():
        sweep_pages()
    assert cast.people["uma"].pk not in {person for person, _ in carrier.sent}
    assert asked(cast, alert, Page.State.CANCELLED) == {"uma"}


@pytest.mark.slow
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    excluded=st.sets(st.sampled_from(["tara", "tom", "uma", "dee", "alice", "bea", "sam"])),
    gone=st.sets(st.sampled_from(["tara", "tom", "bea"])),
    by_name=st.booleans(),
)
def test_nobody_excluded_or_gone_is_ever_asked(
    cast: Cast, carrier: Carrier, excluded: set[str], gone: set[str], by_name: bool
) -> None:
    """Whatever the policy's step, and whether it was handed to a team or to persons."""
    with taken_back():
        carrier.sent.clear()
        holders = [mac_holder(cast.people[name].pk) for name in TEAM] if by_name else None
        alert = an_alert(cast, "cedar", holders=holders)
        for name in excluded:
            exclude(alert, cast.people[name])
        Person.objects.filter(pk__in=[cast.people[name].pk for name in gone]).update(
            is_active=False
        )
        for _ in range(4):
            work()
            pass_time(alert, 181)
        reached = asked(cast, alert)
        assert not reached & (excluded | gone)
        assert {*TEAM, "dee"} - excluded - gone <= reached
        assert reached & {"sam", "alice", "bea"} or {"sam", "alice", "bea"} <= excluded | gone
        told = {person for person, _ in carrier.sent}
        assert not told & {cast.people[name].pk for name in excluded | gone}


class TestFailures:
    def test_what_failed_is_tried_again_with_its_reason(self, cast: Cast, carrier: Carrier) -> None:
        alert = an_alert(cast, "birch")
        carrier.says = lambda _method: LATER
        work()
        page = Page.objects.get(alert_id=alert.pk)
        assert (page.state, page.attempts) == (Page.State.DUE, 1)
        assert page.reason == LATER.reason
        work()
        assert Page.objects.get(pk=page.pk).attempts == 1, "not before its time"
        pass_time(alert, 6)
        work()
        assert Page.objects.get(pk=page.pk).attempts == 2
        carrier.says = lambda _method: None
        pass_time(alert, 11)
        work()
        page.refresh_from_db()
        assert (page.state, page.reason) == (Page.State.SENT, "")

    def test_after_the_last_attempt_it_has_failed_and_the_next_begin(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "birch")
        carrier.says = lambda method: LATER if method.person_id == cast.people["bob"].pk else None
        for _ in range(MAX_ATTEMPTS):
            work()
            Page.objects.filter(alert_id=alert.pk, state="due").update(due_at=database_now())
        work()
        first = Page.objects.get(alert_id=alert.pk, step_number=1)
        assert (first.state, first.attempts) == (Page.State.FAILED, MAX_ATTEMPTS)
        assert alert.steps.filter(number=2, round=2).exists()

    def test_a_step_whose_every_page_was_refused_begins_the_next(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "birch")
        carrier.says = lambda method: REFUSED if method.person_id == cast.people["bob"].pk else None
        work(3)
        assert "dee" in asked(cast, alert)

    def test_where_nobody_at_all_can_be_reached_it_goes_on_at_its_own_pace(
        self, cast: Cast, carrier: Carrier
    ) -> None:
        alert = an_alert(cast, "birch")
        carrier.says = lambda _method: REFUSED
        work(8)
        rounds = Page.objects.filter(alert_id=alert.pk, cause="policy").values_list("round")
        assert {one for (one,) in rounds} == {1}
        assert Task.objects.filter(kind="call_school").exists(), "somebody must phone by hand"
        soonest = alert.steps.filter(state="due", cause="policy").order_by("due_at")[0]
        assert 0 < (soonest.due_at - database_now()).total_seconds() <= 300

    def test_one_bad_address_keeps_nobody_else_waiting(self, cast: Cast, carrier: Carrier) -> None:
        alert = an_alert(cast, "cedar")
        carrier.says = lambda method: (
            REFUSED if method.person_id == cast.people["tara"].pk else None
        )
        work()
        assert asked(cast, alert) == {"tom", "uma"}
        assert asked(cast, alert, Page.State.FAILED) == {"tara"}

    def test_of_two_numbers_one_is_enough(self, cast: Cast, carrier: Carrier) -> None:
        give(cast.people["bob"], "sms")
        alert = an_alert(cast, "birch")
        answers = iter([REFUSED, Outcome("accepted", "", False, None)])
        carrier.says = lambda method: REFUSED if method.kind == "email" else next(answers, None)
        work()
        assert Page.objects.filter(alert_id=alert.pk, channel="email", state="failed").exists()


def test_life_safety_goes_out_first(cast: Cast, carrier: Carrier) -> None:
    for _ in range(3):
        an_alert(cast, "birch", priority=Priority.ROUTINE)
    an_alert(cast, "birch", priority=Priority.LIFE_SAFETY)
    work()
    [mail] = carrier.outgoing
    assert mail.title == "LIFE SAFETY: 4 tips need you now"
    assert Page.objects.filter(state="sent").count() == 4


def test_in_a_burst_the_first_page_of_each_goes_before_the_second_of_any(
    cast: Cast, carrier: Carrier
) -> None:
    alerts = [an_alert(cast, "cedar") for _ in range(3)]
    work()
    first_three = [outgoing.for_id for outgoing in carrier.outgoing[:3]]
    assert set(first_three) == {alert.pk for alert in alerts}


def test_a_page_that_was_cancelled_while_it_was_sent_says_that_it_went_out(
    cast: Cast, carrier: Carrier
) -> None:
    alert = an_alert(cast, "birch")
    tara = cast.viewer("bob")

    def answered_meanwhile(_method: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
        acknowledge(tara, alert.pk, HAVE_IT)
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE upstander_worker")

    carrier.says = answered_meanwhile
    work()
    assert Page.objects.get(alert_id=alert.pk).state == Page.State.SENT
    assert Alert.objects.get(pk=alert.pk).acknowledged_by == cast.people["bob"].pk


@pytest.mark.parametrize("name", ["otto", "paul", "cora", "ada"])
def test_a_step_that_names_a_person_of_elsewhere_or_of_the_police_asks_nobody(
    cast: Cast, carrier: Carrier, name: str
) -> None:
    alert = an_alert(cast, "birch")
    alert.steps.filter(number=1).update(target=f"person:{cast.people[name].pk}")
    work()
    assert name not in asked(cast, alert)
    assert "bob" in asked(cast, alert), "and the next are asked without waiting"


def test_the_worker_reads_no_tip(cast: Cast) -> None:
    with as_worker(), pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute("SELECT * FROM tips_tip")
