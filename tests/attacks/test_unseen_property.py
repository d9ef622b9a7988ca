"""Whatever anybody presses, in any order: no matter of abuse ends with an answer missing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.db import Error, connection, transaction
from django.http import Http404
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conftest import Cast
from tests.attacks.test_ends_unseen import new_tip
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.cases.actions.ending import close_case, review_closing
from upstander.cases.actions.opening import open_the_case
from upstander.cases.actions.support import add_action, finish_action
from upstander.cases.models import Case, CaseAction, CaseClosing, CaseTip
from upstander.cases.tests.story import begin, read_and_agree
from upstander.decisions.actions import close_tip, reopen_tip
from upstander.decisions.models import SecondOpinion
from upstander.intake.priority import Priority
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions.answers import answer_suspicion, read_answer
from upstander.mandated.actions.for_file import answer_for_file
from upstander.mandated.models import Answer, AnswerRead, Asked, Duty, FileAnswer
from upstander.mandated.silence import sweep_silence
from upstander.mandated.tests.test_duties import offices, right_now, suspect
from upstander.mandated.tests.test_reminders import as_worker
from upstander.matters.folders import FolderShut
from upstander.people.models import Membership
from upstander.people.scope import Viewer
from upstander.tips.models import Tip
from upstander.tips.opening import NotGranted, OpenTip, open_tip
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import assess_tip, mark_junk

PEOPLE = ("alice", "bea", "tom", "tara", "cleo")


class Story:
    """A tip about abuse, and what anybody may press on it."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.tip = new_tip(cast)
        self.viewers = {name: cast.viewer(name) for name in PEOPLE}

    def open(self, who: Viewer) -> OpenTip:
        return open_tip(who, self.tip)

    @property
    def matter(self) -> UUID:
        return Tip.objects.get(pk=self.tip).matter_id

    def case(self) -> Case | None:
        return Case.objects.filter(tips__tip_id=self.tip).first()


def _no(story: Story, who: Viewer) -> None:
    answer_suspicion(story.open(who), suspects=False, why="No.", duty_id=None)


def _read(story: Story, who: Viewer, *, agrees: bool) -> None:
    for one in Answer.objects.filter(tip_id=story.tip, suspects=False).exclude(
        person_id=who.person_id
    ):
        if not AnswerRead.objects.filter(answer_id=one.pk).exists():
            read_answer(story.open(who), one.pk, agrees=agrees)
            return


def _suspect(story: Story, who: Viewer) -> None:
    if Membership.objects.filter(person_id=who.person_id).exists():  # who has left signs in no more
        suspect(story.cast, who=_name(story, who), matter_id=story.matter, tip_id=None)


def _name(story: Story, who: Viewer) -> str:
    return next(name for name, one in story.viewers.items() if one is who)


def _report(story: Story, who: Viewer) -> None:
    for duty in Duty.objects.filter(person_id=who.person_id, first_at__isnull=True):
        actions.report_first(who, duty.pk, way="careline", at=right_now(), words={})


def _written(story: Story, who: Viewer) -> None:
    for duty in Duty.objects.filter(
        person_id=who.person_id, first_at__isnull=False, written_at__isnull=True
    ):
        actions.send_written(who, duty.pk, at=right_now(), words={})


def _agree(story: Story, who: Viewer) -> None:
    waiting = SecondOpinion.objects.filter(tip_id=story.tip, state="open").first()
    if waiting is not None:
        read_and_agree(who, waiting.pk)
    case = story.case()
    closing = case and CaseClosing.objects.filter(case_id=case.pk, state="waiting").first()
    if case and closing:
        review_closing(open_the_case(who, case.pk), closing.pk, agree=True)


def _end_case(story: Story, who: Viewer, how: str) -> None:
    case = story.case()
    if case is not None:
        close_case(open_the_case(who, case.pk), how, "Over.")


def _tick(story: Story, who: Viewer) -> None:
    case = story.case()
    if case is None:
        return
    one = open_the_case(who, case.pk)
    action = CaseAction.objects.filter(case_id=case.pk, ended_at__isnull=True).first()
    if action is None:
        add_action(one, "child_protection")
    else:
        finish_action(one, action.pk, "She said she called.")


def _begin_case(story: Story, who: Viewer) -> None:
    if story.case() is None:
        begin(story.cast, _name(story, who), tips=(story.open(who),))


def _file(story: Story, who: Viewer) -> None:
    row = Asked.objects.filter(tip_id=story.tip, for_file=who.person_id).first()
    if row is not None:
        for ground in ("reported", "read_by_two", "own_report"):
            try:
                answer_for_file(who, row.pk, ground)
            except Refused:
                continue
            return


def _leave(story: Story, who: Viewer) -> None:
    """One leaves, unless they owe a report (the database refuses that alone); the worker looks."""
    with transaction.atomic():
        Membership.objects.filter(person_id=who.person_id).delete()
    with as_worker():
        sweep_silence()


def _by_sql(story: Story, _who: Viewer) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tips_tip SET state = 'closed', disposition = 'unfounded', waiting_since = NULL"
            " WHERE id = %s",
            [story.tip],
        )


def _hand_off(story: Story, who: Viewer) -> None:
    hand_off(story.open(who), [story.cast.teams["cedar"].pk], "A brief.")


ACTS: dict[str, Callable[[Story, Viewer], Any]] = {
    "open": lambda story, who: story.open(who),
    "hand off": _hand_off,
    "no": _no,
    "agree to a no": lambda story, who: _read(story, who, agrees=True),
    "refuse a no": lambda story, who: _read(story, who, agrees=False),
    "suspect": _suspect,
    "report": _report,
    "written": _written,
    "close": lambda story, who: close_tip(story.open(who), "unfounded", "Over."),
    "reported": lambda story, who: close_tip(story.open(who), "child_protection", "Over."),
    "second": _agree,
    "reopen": lambda story, who: reopen_tip(who, story.tip),
    "junk": lambda story, who: mark_junk(who, story.tip, junk=True),
    "judge": lambda story, who: assess_tip(story.open(who), {"mr_trigger": "no"}, Priority.ROUTINE),
    "case": _begin_case,
    "end case": lambda story, who: _end_case(story, who, "resolved"),
    "end case as reported": lambda story, who: _end_case(story, who, "child_protection"),
    "tick": _tick,
    "leave": _leave,
    "for the file": _file,
    "by sql": _by_sql,
}


def missing(story: Story) -> list[str]:
    """Return what the record says is missing: computed here anew, not asked of the database."""
    matters = {story.matter}
    found = [
        f"report of {duty.person_id}"
        for duty in Duty.objects.filter(matter_id__in=matters, written_at__isnull=True)
    ]
    case = story.case()
    subjects = {str(story.tip)} | ({str(case.pk)} if case else set())
    openers = set(
        Entry.objects.filter(
            subject_id__in=subjects, action__in=("tip opened", "case opened", "case begun")
        ).values_list("actor_id", flat=True)
    )
    for person in filter(None, openers):
        reports = Duty.objects.filter(person_id=person, matter_id__in=matters, rule="abuse")
        read = AnswerRead.objects.filter(
            agrees=True,
            answer_id__in=Answer.objects.filter(person_id=person, suspects=False).values("pk"),
        ).exclude(person_id=person)
        filed = FileAnswer.objects.filter(asked__person_id=person).exclude(person_id=person)
        if not (reports.exists() or read.exists() or filed.exists()):
            found.append(f"answer of {person}")
    return found


@pytest.mark.django_db
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(sorted(ACTS))), max_size=14)
)
@example(steps=[("alice", "close")])
@example(steps=[("alice", "no"), ("alice", "close")])
@example(steps=[("alice", "no"), ("bea", "no"), ("bea", "agree to a no"), ("alice", "close")])
@example(
    steps=[
        ("alice", "no"),
        ("bea", "no"),
        ("bea", "agree to a no"),
        ("alice", "agree to a no"),
        ("alice", "close"),
    ]
)
@example(steps=[("alice", "suspect"), ("alice", "report"), ("alice", "reported")])
@example(
    steps=[("alice", "suspect"), ("alice", "report"), ("alice", "written"), ("alice", "reported")]
)
@example(steps=[("tom", "suspect"), ("tom", "leave"), ("alice", "close")])
@example(
    steps=[
        ("alice", "hand off"),
        ("tom", "case"),
        ("tom", "tick"),
        ("tom", "tick"),
        ("tom", "end case as reported"),
        ("tara", "end case"),
    ]
)
@example(
    steps=[
        ("alice", "hand off"),
        ("tom", "suspect"),
        ("tom", "report"),
        ("tom", "written"),
        ("alice", "leave"),
        ("cleo", "for the file"),
        ("tom", "case"),
        ("tom", "tick"),
        ("tom", "tick"),
        ("tom", "end case as reported"),
        ("tom", "close"),
    ]
)
def test_no_matter_of_abuse_ends_with_anything_missing(
    cast: Cast, steps: list[tuple[str, str]]
) -> None:
    savepoint = transaction.savepoint_create()
    try:
        offices(cast)
        story = Story(cast)
        for who, act in steps:
            before = _ended(story)
            try:
                ACTS[act](story, story.viewers[who])
            except (Refused, Http404, NotGranted, FolderShut, Error, PermissionError):
                continue
            after = _ended(story)
            assert not after - before or not missing(story), (act, missing(story))
            reported = CaseAction.objects.filter(kind="child_protection", ending="done").exists()
            reported |= Tip.objects.filter(
                pk=story.tip, state=TipState.CLOSED, disposition="child_protection"
            ).exists()
            assert (
                not reported
                or Duty.objects.filter(matter_id=story.matter, first_at__isnull=False).exists()
            )
    finally:
        transaction.savepoint_rollback(savepoint)


def _ended(story: Story) -> set[str]:
    """Return what has ended of it: the tip, its case, that it was reported."""
    tip = Tip.objects.get(pk=story.tip)
    ended = {"tip"} if tip.state == TipState.CLOSED else set()
    ended |= {"junk"} if tip.junk else set()
    cases = CaseTip.objects.filter(tip_id=story.tip).values("case_id")
    ended |= {str(pk) for pk in Case.objects.filter(pk__in=cases, state="closed").values_list("pk")}
    done = CaseAction.objects.filter(case_id__in=cases, kind="child_protection", ending="done")
    return ended | {str(pk) for pk in done.values_list("pk")}
