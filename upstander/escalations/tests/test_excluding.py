"""Whoever is kept from a matter by whatever road has nothing of it any more: others are asked."""

from __future__ import annotations

import pytest

from conftest import Cast
from upstander.base.moment import database_now
from upstander.escalations.actions.alerts import acknowledge, answer_alert, end_alerts, progress
from upstander.escalations.actions.tasks import open_task, take_task
from upstander.escalations.models import Acknowledgement, Alert, News, Page, Task
from upstander.escalations.sweeps import sweep_news, sweep_next_steps
from upstander.escalations.tests.alerts import (
    Carrier,
    a_tip_s_alert,
    an_alert,
    as_worker,
    asked,
    exclude,
    pass_time,
    work,
)
from upstander.people.scope import Staff

pytestmark = pytest.mark.django_db

HAVE_IT = Acknowledgement.Answer.HAVE_IT


def state(alert: Alert) -> tuple[str, int | None]:
    fresh = Alert.objects.get(pk=alert.pk)
    return fresh.state, fresh.acknowledged_by


def taken_by_tom(cast: Cast) -> Alert:
    alert = an_alert(cast, "cedar")
    work()
    acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
    progress(alert.subject_id)
    return alert


def test_what_the_excluded_had_with_its_clock_stilled_is_asked_about_at_once(
    cast: Cast, carrier: Carrier
) -> None:
    alert, tom = taken_by_tom(cast), cast.people["tom"].pk
    exclude(alert, cast.people["tom"])
    News.objects.create(subject_id=alert.subject_id, kind="wrote", at=database_now())
    told = len(carrier.sent)
    work()
    assert state(alert) == ("open", None)
    told_now = {person for person, _ in carrier.sent[told:]}
    assert told_now & {cast.people[name].pk for name in ("tara", "uma")}
    assert tom not in told_now
    assert not News.objects.filter(subject_id=alert.subject_id).exists()
    # And a colleague's answer counts.
    now, uma = database_now(), cast.people["uma"].pk
    answer_alert(Alert.objects.get(pk=alert.pk), uma, HAVE_IT, actor=Staff(uma), via="sms", now=now)
    assert state(alert) == ("acknowledged", uma)
    exclude(alert, cast.people["bob"])
    work()
    assert state(alert) == ("acknowledged", uma), "it is hers, whoever else is kept from it"


def test_of_other_matters_nothing_changes(cast: Cast, carrier: Carrier) -> None:
    alert, other = taken_by_tom(cast), taken_by_tom(cast)
    exclude(other, cast.people["tom"])
    work()
    assert state(alert) == ("acknowledged", cast.people["tom"].pk)
    assert state(other) == ("open", None)


def test_what_is_about_to_be_sent_to_them_is_not_and_the_next_are_asked(
    cast: Cast, carrier: Carrier
) -> None:
    alert = an_alert(cast, "birch")
    work()
    assert asked(cast, alert) == {"bob"}
    assert asked(cast, alert, Page.State.DUE) <= {"bob"}
    exclude(alert, cast.people["bob"])
    work(2)
    assert not asked(cast, alert, Page.State.DUE) & {"bob"}
    assert asked(cast, alert) - {"bob"}, "they alone had been asked: the next are, now"


def test_where_others_were_asked_too_nobody_is_passed_over(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "cedar")
    work()
    assert len(asked(cast, alert)) > 1
    due = alert.steps.filter(cause="policy", state="due").order_by("due_at", "number")
    before = list(due.values_list("pk", "due_at"))
    exclude(alert, cast.people["tom"])
    work()
    assert list(due.values_list("pk", "due_at")) == before


def test_a_call_that_they_took_rings_again(cast: Cast, carrier: Carrier) -> None:
    alert, now = a_tip_s_alert(cast), database_now()
    bea = cast.viewer("bea")
    tasks = [
        open_task(
            kind,
            subject_id=alert.subject_id,
            matter_id=alert.matter_id,
            district_id=alert.district_id,
            due_at=now,
            now=now,
            alert=alert,
        )
        for kind in (Task.Kind.CONFIRM_HELP, Task.Kind.CALL_SCHOOL)
    ]
    take_task(bea, tasks[0].pk)
    take_task(cast.viewer("alice"), tasks[1].pk)
    # Handed on: the alert has ended, the call is still to be made.
    end_alerts(alert.subject_id)
    exclude(alert, cast.people["bea"])
    with as_worker():
        sweep_news()
    tasks = [Task.objects.get(pk=task.pk) for task in tasks]
    assert [task.state for task in tasks] == ["open", "taken"]
    assert tasks[0].steps.filter(state="due").exists()


def test_an_answer_that_came_at_the_same_moment_leaves_nobody_waiting(
    cast: Cast, carrier: Carrier
) -> None:
    """The exclusion's news were worked off while Tom's "I have it" was on its way."""
    for comes in ("wrote", "silence"):
        alert = an_alert(cast, "cedar")
        work()
        exclude(alert, cast.people["tom"])
        work()
        Alert.objects.filter(pk=alert.pk).update(
            state="acknowledged",
            acknowledged_by=cast.people["tom"].pk,
            next_step_due_at=database_now() if comes == "silence" else None,
        )
        if comes == "wrote":
            News.objects.create(subject_id=alert.subject_id, kind="wrote", at=database_now())
        pass_time(alert, 1)
        with as_worker():
            sweep_news()
            sweep_next_steps()
        assert state(alert) == ("open", None)
