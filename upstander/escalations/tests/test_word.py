"""What SQL tells and the worker does: nothing looks taken meanwhile, and word is not overtaken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from conftest import Cast
from upstander.base.moment import database_now
from upstander.escalations.actions.alerts import acknowledge, end_alerts, settle
from upstander.escalations.actions.tasks import open_task
from upstander.escalations.models import Acknowledgement, Alert, News, Step, Task
from upstander.escalations.sweeps import _to_the_end
from upstander.escalations.targets import concerns
from upstander.escalations.tests.alerts import Carrier, a_tip_s_alert, an_alert, hear, work
from upstander.intake.priority import Priority
from upstander.people.keys import name_in
from upstander.people.models import Membership, Person
from upstander.people.scope import System

pytestmark = pytest.mark.django_db


def tell(alert: Alert, kind: str, **more: object) -> None:
    named: dict[str, Any] = {
        "subject": alert.subject_id,
        "kind": kind,
        "at": database_now(),
        **more,
    }
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT escalations_tell({', '.join(f'p_{name} => %s' for name in named)})",
            list(named.values()),
        )


def again(alert: Alert) -> Alert:
    return Alert.objects.get(pk=alert.pk)


def a_task(alert: Alert, kind: Task.Kind = Task.Kind.CALL_SCHOOL) -> Task:
    now = database_now()
    return open_task(
        kind,
        subject_id=alert.subject_id,
        matter_id=alert.matter_id,
        district_id=alert.district_id,
        due_at=now,
        now=now,
        actor=System(),
        alert=alert,
    )


def test_what_came_back_is_nobody_s_at_once_and_its_clock_begins_anew(
    cast: Cast, carrier: Carrier
) -> None:
    alert = a_tip_s_alert(cast)
    work()
    settle(again(alert), cast.people["alice"].pk, database_now())
    end_alerts(alert.subject_id)
    tell(alert, "returned", priority="life_safety")
    fresh = again(alert)
    assert (fresh.state, fresh.acknowledged_by, fresh.next_step_due_at) == ("open", None, None)
    hear()
    told = database_now()
    steps = alert.steps.filter(cause="policy", repeat_seconds__isnull=False)
    assert {step.state for step in steps} == {"due"}
    for step in steps:
        late = step.due_at - told - timedelta(seconds=step.after_seconds)
        assert abs(late.total_seconds()) <= 2


def test_who_says_that_they_have_it_before_the_worker_looks_keeps_it(
    cast: Cast, carrier: Carrier
) -> None:
    alert = a_tip_s_alert(cast)
    work()
    end_alerts(alert.subject_id)
    tell(alert, "returned", priority="life_safety")
    alice = cast.viewer("alice")
    acknowledge(alice, alert.pk, Acknowledgement.Answer.HAVE_IT)
    hear()
    assert again(alert).acknowledged_by == alice.person_id
    assert not alert.steps.filter(state="due", cause="policy").exists()


def test_a_higher_priority_stands_at_once_and_its_steps_follow(
    cast: Cast, carrier: Carrier
) -> None:
    alert = an_alert(cast, "cedar", priority=Priority.ROUTINE)
    tell(alert, "assessed", priority="life_safety", now=True)
    assert (again(alert).priority, again(alert).happening_now) == ("life_safety", True)
    hear()
    assert again(alert).situation == "now"
    assert Task.objects.get().kind == "decide_911"
    tell(alert, "assessed", now=True)
    assert not News.objects.exists(), "nothing changed: nothing to tell"


def test_what_was_set_aside_is_asked_about_and_not_what_was_taken_since(
    cast: Cast, carrier: Carrier
) -> None:
    alert, taken = an_alert(cast, "cedar"), an_alert(cast, "cedar")
    now = database_now()
    for one in (alert, taken):
        settle(again(one), cast.people["tom"].pk, now - timedelta(seconds=60))
        Alert.objects.filter(pk=one.pk).update(next_step_due_at=None)
        tell(one, "woken")
    settle(again(taken), cast.people["uma"].pk, now + timedelta(seconds=1))
    hear()
    due, later = again(alert).next_step_due_at, again(taken).next_step_due_at
    assert due is not None
    assert later is not None
    assert due <= database_now() < later


def test_closing_drops_what_was_open_and_not_what_is_asked_for_afterwards(
    cast: Cast, carrier: Carrier
) -> None:
    alert = a_tip_s_alert(cast)
    before = a_task(alert)
    end_alerts(alert.subject_id)
    tell(alert, "closed")
    anew = a_task(alert)
    hear()
    assert anew.pk != before.pk
    assert Task.objects.get(pk=before.pk).state == "dropped"
    assert not Step.objects.filter(task=before, state="due").exists()
    assert Task.objects.get(pk=anew.pk).state == "open"
    tell(alert, "closed")
    hear()
    assert Task.objects.get(pk=anew.pk).state == "dropped"


def test_a_brief_that_goes_out_after_the_others_were_read_is_phoned_about(
    cast: Cast, carrier: Carrier
) -> None:
    alert = a_tip_s_alert(cast)
    kind = Task.Kind.CONFIRM_BRIEF
    a_task(alert, kind)
    tell(alert, "briefed", person=cast.people["otto"].pk)
    a_task(alert, kind)
    hear()
    assert Task.objects.get(kind=kind).state == "open"
    tell(alert, "briefed", person=cast.people["otto"].pk)
    hear()
    assert Task.objects.get(kind=kind).done_by == cast.people["otto"].pk


def test_word_that_is_put_off_says_the_same(cast: Cast) -> None:
    alert = an_alert(cast, "cedar")
    news = News.objects.create(
        subject_id=alert.subject_id, kind="left", at=database_now(), person_id=7, alert_id=alert.pk
    )
    first = news.pk
    _to_the_end(news)
    kept = News.objects.get()
    assert kept.pk > first
    assert (kept.kind, kept.person_id, kept.alert_id) == ("left", 7, alert.pk)


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("by_name", [True, False])
def test_sql_and_python_say_the_same_of_whom_an_alert_concerns(
    cast: Cast, active: bool, by_name: bool
) -> None:
    """Every person, of every kind of team, and every kind of holder.

    Only SQL can't tell whose an exclusion's opaque name is: there it takes anybody of the district
    for one of those named, so that it takes nothing away from whom it may be meant for.
    """
    alert = an_alert(cast, "cedar")
    people = list(Person.objects.all())
    assert len(set(Membership.objects.values_list("team__kind", flat=True))) >= 5
    Person.objects.update(is_active=active)
    if by_name:
        Step.objects.bulk_create(
            Step(
                alert_id=alert.pk,
                district_id=alert.district_id,
                number=100 + number,
                target=f"person:{person.pk}",
                due_at=alert.opened_at,
            )
            for number, person in enumerate(people)
        )
    stranger = name_in(max(person.pk for person in people) + 1, alert.subject_id)
    teams = [team.holder for team in cast.teams.values()]
    for person in people:
        for holders in (
            [],
            *([team] for team in teams),
            teams,
            [name_in(person.pk, alert.subject_id)],
        ):
            alert.holders = holders
            alert.save(update_fields=["holders"])
            assert _says(alert, person, named=True) == concerns(alert, person.pk), (person, holders)
        # Where SQL may not take them for one of those named, it asks as if nobody were.
        asked_unnamed = _says(alert, person, named=False)
        alert.holders = []
        assert asked_unnamed == concerns(alert, person.pk)
        alert.holders = [stranger]
        alert.save(update_fields=["holders"])
        alert.holders = [name_in(person.pk, alert.subject_id)]
        assert _says(alert, person, named=True) == concerns(alert, person.pk)


def _says(alert: Alert, person: Person, *, named: bool) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT escalations_concerns(a, %s, %s) FROM escalations_alert a WHERE a.id = %s",
            [person.pk, named, alert.pk],
        )
        row = cursor.fetchone()
    assert row is not None
    return bool(row[0])
