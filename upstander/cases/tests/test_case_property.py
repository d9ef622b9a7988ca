"""Whatever one does, in any order: two end a life-safety case, and what is open is reminded of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from django.http import Http404
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.refused import Refused
from upstander.cases.actions.ending import close_case, reopen_case, review_closing
from upstander.cases.actions.homes import answer_home
from upstander.cases.actions.opening import OpenCase, open_the_case
from upstander.cases.actions.sharing import begin_inner, hand_over
from upstander.cases.actions.support import add_action, finish_action
from upstander.cases.actions.timeline import read_items
from upstander.cases.guides import actions as guides
from upstander.cases.guides.entries_said import unfinished
from upstander.cases.guides.screening import screenings_of
from upstander.cases.guides.steps import Chosen, Wanted
from upstander.cases.models import Case, CaseAction, CaseClosing
from upstander.cases.tests.story import begin
from upstander.people.scope import viewing

PEOPLE = ("tara", "tom", "uma")


def _waiting(one: OpenCase, *, agree: bool) -> None:
    row = CaseClosing.objects.filter(case_id=one.case.pk).order_by("-at", "pk").first()
    if row is not None:
        review_closing(one, row.pk, agree=agree, words="A reason.")


def _finish(one: OpenCase) -> None:
    row = CaseAction.objects.filter(case_id=one.case.pk, ended_at__isnull=True).first()
    if row is not None:
        finish_action(one, row.pk, "It went well.")


def _set_level(one: OpenCase) -> None:
    with viewing(one.viewer):
        known = screenings_of(read_items(one))
    if known:
        chosen = Chosen({"check_in": Wanted(words="On Friday.")})
        guides.set_level(one, known[-1].id, "none", "A misunderstanding.", chosen)


ACTS: dict[str, Callable[[OpenCase, Cast], object]] = {
    "close": lambda one, _cast: close_case(one, "resolved", "Over."),
    "agree": lambda one, _cast: _waiting(one, agree=True),
    "refuse": lambda one, _cast: _waiting(one, agree=False),
    "reopen": lambda one, _cast: reopen_case(one, "Again."),
    "add": lambda one, _cast: add_action(one, "check_in"),
    "finish": lambda one, _cast: _finish(one),
    "home": lambda one, _cast: answer_home(one, "unknown"),
    "parents": lambda one, _cast: add_action(one, "parents", sure=True),
    # Roads on which something comes onto the list without the form for it.
    "screen": lambda one, _cast: guides.keep_told(one, "They gave things away.", "A friend"),
    "level": lambda one, _cast: _set_level(one),
    "threat": lambda one, _cast: guides.go_on(one, {"did": "begin", "answer": "no"}),
    "add within": lambda one, _cast: add_action(begin_inner(one), "check_in", inner=True),
    "to tom": lambda one, cast: hand_over(one, cast.people["tom"].pk),
    "to uma": lambda one, cast: hand_over(one, cast.people["uma"].pk),
}


@pytest.mark.django_db
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(sorted(ACTS))), max_size=8)
)
@example(steps=[("tara", "close"), ("tom", "agree"), ("tara", "to tom")])
# What comes onto the list, or waits in a guide, after the closing was proposed.
@example(steps=[("tara", "close"), ("tara", "add"), ("tom", "agree")])
@example(steps=[("tara", "close"), ("tom", "add"), ("tom", "agree"), ("uma", "agree")])
@example(steps=[("tara", "close"), ("tara", "add within"), ("tom", "agree")])
@example(steps=[("tara", "add within"), ("tom", "close"), ("uma", "agree")])
@example(steps=[("tara", "add within"), ("tom", "finish")])
@example(steps=[("tara", "close"), ("uma", "screen"), ("tom", "agree")])
@example(
    steps=[("tara", "close"), ("uma", "screen"), ("uma", "finish"), ("tom", "agree")],
)
@example(
    steps=[("tara", "close"), ("uma", "screen"), ("uma", "level"), ("tom", "agree")],
)
@example(steps=[("tara", "close"), ("tara", "threat"), ("tom", "agree")])
@example(
    steps=[
        ("tara", "close"),
        ("tara", "home"),
        ("tara", "parents"),
        ("tom", "agree"),
        ("tom", "finish"),
        ("tom", "agree"),
    ],
)
@example(
    steps=[
        ("tara", "close"),
        ("tom", "agree"),
        ("uma", "reopen"),
        ("uma", "close"),
        ("tara", "add"),
        ("tom", "agree"),
    ],
)
def test_no_one_person_ends_it(cast: Cast, steps: list[tuple[str, str]]) -> None:
    savepoint = transaction.savepoint_create()
    try:
        case = begin(cast, "tara", life_safety=True)
        viewers = {name: cast.viewer(name) for name in PEOPLE}
        for who, act in steps:
            try:
                ACTS[act](open_the_case(viewers[who], case), cast)
            except (Refused, Http404):  # what lies in a folder that is not theirs isn't there
                continue
            row = Case.objects.get(pk=case)
            standing = CaseClosing.objects.filter(case_id=case, state="standing").first()
            assert (row.state == "closed") == (standing is not None)
            if standing is not None:
                reviewer = standing.reviewed_by
                assert reviewer is not None
                assert reviewer not in (standing.proposed_by, standing.owner_id)
            actions = CaseAction.objects.filter(case_id=case)
            assert not actions.filter(ended_at__isnull=True, remind_at__isnull=True).exists()
            assert row.home_asked_at or not actions.filter(kind="parents").exists()
            if row.state == "closed":
                assert not actions.filter(ended_at__isnull=True, closing_id__isnull=True).exists()
                one = open_the_case(viewers["uma"], case)
                with viewing(one.viewer):
                    assert not unfinished(read_items(one))
                assert standing is not None
                assert CaseAction.objects.filter(closing_id=standing.pk).count() == 3
    finally:
        transaction.savepoint_rollback(savepoint)
