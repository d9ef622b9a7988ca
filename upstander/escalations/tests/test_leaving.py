"""Whoever leaves, or is locked out, has nothing of it any more: others are asked, at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from conftest import Cast
from upstander.base.moment import database_now
from upstander.carriers.models import Inbound
from upstander.escalations.actions.alerts import acknowledge, progress, settle
from upstander.escalations.actions.tasks import open_task, take_task
from upstander.escalations.models import Acknowledgement, Alert, News, Page, Step, Task
from upstander.escalations.tests.alerts import (
    Carrier,
    a_tip_s_alert,
    an_alert,
    asked,
    hear,
    pass_time,
    work,
)
from upstander.people import factories
from upstander.people.actions import leaving
from upstander.people.models import Membership
from upstander.people.roles import Role
from upstander.people.scope import viewing

pytestmark = pytest.mark.django_db

HAVE_IT = Acknowledgement.Answer.HAVE_IT


def taken_out(cast: Cast, name: str, lead: str, team: str) -> None:
    leaving.remove_member(cast.viewer(lead), cast.teams[team].pk, cast.people[name].pk)


def locked_out(cast: Cast, name: str, _lead: str, _team: str) -> None:
    leaving.lock_out(cast.viewer("ada"), cast.people[name].pk)


def out_of(cast: Cast, name: str, team: str) -> None:
    Membership.objects.filter(person=cast.people[name], team=cast.teams[team]).delete()


def has(alert: Alert) -> int | None:
    return Alert.objects.get(pk=alert.pk).acknowledged_by


WAYS = pytest.mark.parametrize("go", [taken_out, locked_out])


@WAYS
def test_what_they_had_with_its_clock_stilled_is_asked_about_at_once(
    cast: Cast, carrier: Carrier, go: Callable[..., None]
) -> None:
    alert, tom = an_alert(cast, "cedar"), cast.viewer("tom")
    work()
    acknowledge(tom, alert.pk, HAVE_IT)
    progress(alert.subject_id)
    News.objects.create(subject_id=alert.subject_id, kind="wrote", at=database_now())
    work()
    assert asked(cast, alert, cause="news") == {"tom"}
    go(cast, "tom", "tara", "cedar")
    fresh = Alert.objects.get(pk=alert.pk)
    assert (fresh.state, fresh.acknowledged_by) == ("open", None)
    hear()
    assert fresh.steps.filter(state="due", due_at__lte=database_now()).exists()
    told = len(carrier.sent)
    work()
    assert {person for person, _ in carrier.sent[told:]} & {
        cast.people[name].pk for name in ("tara", "uma")
    }
    assert tom.person_id not in {person for person, _ in carrier.sent[told:]}


@WAYS
def test_the_phone_of_whoever_left_answers_nothing(
    cast: Cast, carrier: Carrier, go: Callable[..., None]
) -> None:
    alert, tom = an_alert(cast, "cedar"), cast.people["tom"].pk
    work()
    go(cast, "tom", "tara", "cedar")
    Inbound.objects.create(
        kind="sms",
        person_id=tom,
        for_id=alert.pk,
        answer="have_it",
        at=database_now(),
        provider="north",
        ref=str(uuid4()),
    )
    work()
    assert has(alert) is None


def test_the_steps_after_the_next_keep_their_distance(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "cedar")
    work()
    before = list(alert.steps.filter(cause="policy").order_by("due_at", "number"))
    acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
    out_of(cast, "tom", "cedar")
    hear()
    after = list(alert.steps.filter(cause="policy").order_by("due_at", "number"))
    assert {step.state for step in after} == {"due"}
    assert [step.pk for step in after] == [step.pk for step in before]
    assert [step.due_at - after[0].due_at for step in after] == [
        step.due_at - before[0].due_at for step in before
    ]
    assert after[0].due_at <= database_now()


def test_another_team_that_was_given_it_keeps_it_theirs(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "cedar", holders=[cast.teams[one].holder for one in ("cedar", "birch")])
    factories.join(cast.people["tom"], cast.teams["birch"], Role.TEAM_MEMBER, cast.keys)
    acknowledge(cast.viewer("tom"), alert.pk, HAVE_IT)
    out_of(cast, "tom", "cedar")
    assert has(alert) == cast.people["tom"].pk
    out_of(cast, "tom", "birch")
    assert has(alert) is None


def test_the_office_s_is_the_office_s(cast: Cast, carrier: Carrier) -> None:
    """It came to Dee by a step that asks the office; she is of two schools' teams besides."""
    alert, other = an_alert(cast, "cedar"), an_alert(cast, "cedar")
    for team in ("birch", "cedar"):
        factories.join(cast.people["dee"], cast.teams[team], Role.TEAM_MEMBER, cast.keys)
    for one in (alert, other):
        settle(one, cast.people["dee"].pk, database_now())
    out_of(cast, "dee", "birch")
    assert has(alert) == cast.people["dee"].pk
    # As one of Cedar's she could read it. Whether the office may, the escalation decides.
    out_of(cast, "dee", "cedar")
    assert has(alert) is None
    settle(other, cast.people["dee"].pk, database_now())
    out_of(cast, "dee", "maple")
    assert has(other) is None


def test_of_other_places_nothing_changes(cast: Cast, carrier: Carrier) -> None:
    alert, theirs = an_alert(cast, "cedar"), an_alert(cast, "cedar")
    settle(alert, cast.people["tom"].pk, database_now())
    settle(theirs, cast.people["uma"].pk, database_now())
    for team in ("quay", "birch"):
        factories.join(cast.people["tom"], cast.teams[team], Role.TEAM_MEMBER, cast.keys)
        out_of(cast, "tom", team)
    assert has(alert) == cast.people["tom"].pk
    out_of(cast, "tom", "cedar")
    assert (has(alert), has(theirs)) == (None, cast.people["uma"].pk)


def test_where_they_alone_were_asked_the_next_are_asked_now(cast: Cast, carrier: Carrier) -> None:
    alert, shared = an_alert(cast, "birch"), an_alert(cast, "cedar")
    work()
    assert asked(cast, alert) == {"bob"}
    waits = shared.steps.get(number=2).due_at
    out_of(cast, "bob", "birch")
    out_of(cast, "tom", "cedar")
    assert shared.steps.get(number=2).due_at == waits, "others of the team were asked too"
    work()
    assert len(asked(cast, alert)) > 1


def test_what_was_about_to_be_sent_to_them_is_not(cast: Cast, carrier: Carrier) -> None:
    alert = an_alert(cast, "cedar")
    work()
    Page.objects.create(
        alert_id=alert.pk,
        district_id=alert.district_id,
        step_number=9,
        channel="sms",
        person_id=cast.people["tom"].pk,
        due_at=database_now() + timedelta(seconds=30),
    )
    out_of(cast, "tom", "cedar")
    assert Page.objects.get(step_number=9).state == "cancelled"


@WAYS
def test_a_task_that_they_took_waits_again_and_rings(
    cast: Cast, carrier: Carrier, go: Callable[..., None]
) -> None:
    alert, alice = a_tip_s_alert(cast), cast.viewer("alice")
    with viewing(alice) as now:
        task = open_task(
            Task.Kind.CONFIRM_HELP,
            subject_id=alert.subject_id,
            matter_id=alert.matter_id,
            district_id=alert.district_id,
            due_at=now,
            now=now,
            actor=alice,
            alert=alert,
        )
    take_task(cast.viewer("bea"), task.pk)
    assert not Step.objects.filter(task=task, state="due").exists()
    go(cast, "bea", "sam", "lakeside")
    hear()
    fresh = Task.objects.get(pk=task.pk)
    assert (fresh.state, fresh.taken_by) == ("open", None)
    work()
    assert asked(cast, alert, cause="task") == {"alice", "sam"}
    pass_time(alert, 60)
    work()
    assert take_task(alice, task.pk).state == "taken"
