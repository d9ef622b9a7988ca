"""An unread brief is phoned about, whatever else is asked of the same tip at the same time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conftest import Cast
from upstander.emergency.actions.briefs import PHONE_AFTER, hand_to_police
from upstander.emergency.actions.help import confirm_help, record_call
from upstander.emergency.actions.officers import acknowledge_brief, record_outcome
from upstander.emergency.models import Brief, Call
from upstander.emergency.tests.story import LINES, around, claimed
from upstander.escalations.actions.tasks import finish_task, open_task, take_task
from upstander.escalations.models import Page, Step, Task
from upstander.escalations.task_panel import open_tasks, show_tasks
from upstander.escalations.tests.alerts import hear
from upstander.people import factories
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.tips.opening import OpenTip

OPEN = (Task.State.OPEN, Task.State.TAKEN)


def call(opened: OpenTip, minutes: int) -> Call:
    return record_call(
        opened, LINES, line=Call.Line.PSAP, police=False, danger_now=False, confirm_after=minutes
    )


def brief_on(cast: Cast, opened: OpenTip, team: str = "maple_police") -> Brief:
    return hand_to_police(
        opened, cast.teams[team].pk, "Please look.", LINES, around(cast, opened), danger_now=True
    )


def open_one(opened: OpenTip, kind: Task.Kind) -> Task | None:
    return Task.objects.filter(subject_id=opened.tip.pk, kind=kind, state__in=OPEN).first()


@pytest.mark.parametrize("call_first", [True, False])
def test_help_that_came_says_nothing_of_an_unread_brief(cast: Cast, call_first: bool) -> None:
    opened = claimed(cast)
    if call_first:
        call(opened, 30)
    brief = brief_on(cast, opened)
    if not call_first:
        call(opened, 30)
    task = open_one(opened, Task.Kind.CONFIRM_BRIEF)
    assert task is not None
    assert task.detail == {"brief": str(brief.pk)}
    assert task.due_at == brief.at + timedelta(minutes=PHONE_AFTER)
    assert open_one(opened, Task.Kind.CONFIRM_HELP) is not None
    confirm_help(opened, arrived=True)
    assert open_one(opened, Task.Kind.CONFIRM_HELP) is None
    assert open_one(opened, Task.Kind.CONFIRM_BRIEF) == task
    first = Step.objects.filter(task=task, state=Step.State.DUE).earliest("due_at")
    assert first.due_at == task.due_at
    with viewing(opened.viewer):
        [shown] = show_tasks(open_tasks([opened.tip.pk]), {}, me=1)
    assert "brief" in shown.words
    assert next(code for code, _words in shown.outcomes) == "reached"


def test_an_officer_who_has_it_ends_the_phoning(cast: Cast) -> None:
    opened = claimed(cast)
    brief = brief_on(cast, opened)
    call(opened, 10)
    task = open_one(opened, Task.Kind.CONFIRM_BRIEF)
    assert task is not None
    take_task(cast.viewer("bea"), task.pk)
    acknowledge_brief(cast.viewer("otto"), brief.pk)
    hear()
    task.refresh_from_db()
    assert (task.state, task.outcome) == (Task.State.DONE, "reached")
    assert task.done_by == cast.people["otto"].pk
    assert not Step.objects.filter(task=task, state=Step.State.DUE).exists()
    assert not Page.objects.filter(cause="task", state=Page.State.DUE).exists()
    assert open_one(opened, Task.Kind.CONFIRM_HELP) is not None


def test_one_team_that_has_it_does_not_speak_for_another(cast: Cast) -> None:
    other = factories.make_team(TeamKind.POLICE, "Harbor police", cast.keys, district=cast.maple)
    factories.join(cast.people["otto"], other, Role.OFFICER, cast.keys)
    cast.teams["second_police"] = other
    opened = claimed(cast)
    first, second = brief_on(cast, opened), brief_on(cast, opened, "second_police")
    acknowledge_brief(cast.viewer("otto"), first.pk)
    hear()
    assert open_one(opened, Task.Kind.CONFIRM_BRIEF) is not None
    record_outcome(cast.viewer("otto"), second.pk, Brief.Outcome.SAFE, "Fine.")
    hear()
    assert open_one(opened, Task.Kind.CONFIRM_BRIEF) is None


def test_police_who_were_not_reached_are_phoned_again_while_the_brief_is_unread(
    cast: Cast,
) -> None:
    opened = claimed(cast)
    brief_on(cast, opened)
    task = open_one(opened, Task.Kind.CONFIRM_BRIEF)
    assert task is not None
    finish_task(opened.viewer, task.pk, "no_answer")
    anew = open_one(opened, Task.Kind.CONFIRM_BRIEF)
    assert anew is not None
    assert anew.pk != task.pk


def test_a_second_call_is_asked_after_when_it_said(cast: Cast) -> None:
    opened = claimed(cast)
    call(opened, 30)
    second = call(opened, 5)
    task = open_one(opened, Task.Kind.CONFIRM_HELP)
    assert task is not None
    assert task.due_at == second.called_at + timedelta(minutes=5)
    due = Step.objects.filter(task=task, state=Step.State.DUE).order_by("due_at")
    assert due[0].due_at == task.due_at
    assert due.count() == Step.objects.filter(task=task).count() / 2
    call(opened, 20)
    task.refresh_from_db()
    assert task.due_at == second.called_at + timedelta(minutes=5)


def test_whoever_took_it_keeps_the_time_to_finish_it(cast: Cast) -> None:
    opened = claimed(cast)
    call(opened, 30)
    task = open_one(opened, Task.Kind.CONFIRM_HELP)
    assert task is not None
    viewer = cast.viewer("bea")
    bea = take_task(viewer, task.pk)
    # A colleague's second call is kept, and doesn't take what somebody has in hand from them.
    call(opened, 5)
    task.refresh_from_db()
    assert (task.state, task.due_at) == (Task.State.TAKEN, bea.due_at)
    with viewing(viewer) as now:
        open_task(
            Task.Kind.CONFIRM_HELP,
            subject_id=task.subject_id,
            matter_id=task.matter_id,
            district_id=task.district_id,
            due_at=now,
            now=now,
            actor=viewer,
        )
    task.refresh_from_db()
    assert bea.taken_at is not None
    assert task.due_at == bea.taken_at + timedelta(minutes=5)
