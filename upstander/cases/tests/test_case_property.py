"""Whatever one does, in any order: two end a life-safety case, and what is open is reminded of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conftest import Cast
from upstander.base.refused import Refused
from upstander.cases.ending import close_case, reopen_case, review_closing
from upstander.cases.models import Case, CaseAction, CaseClosing
from upstander.cases.opening import OpenCase, open_the_case
from upstander.cases.sharing import hand_over
from upstander.cases.support import add_action, answer_home, finish_action
from upstander.cases.tests.story import begin

PEOPLE = ("tara", "tom", "uma")


def _waiting(one: OpenCase, *, agree: bool) -> None:
    row = CaseClosing.objects.filter(case_id=one.case.pk).order_by("-at", "pk").first()
    if row is not None:
        review_closing(one, row.pk, agree=agree, words="A reason.")


def _finish(one: OpenCase) -> None:
    row = CaseAction.objects.filter(case_id=one.case.pk, ended_at__isnull=True).first()
    if row is not None:
        finish_action(one, row.pk, "It went well.")


ACTS: dict[str, Callable[[OpenCase, Cast], object]] = {
    "close": lambda one, _cast: close_case(one, "resolved", "Over."),
    "agree": lambda one, _cast: _waiting(one, agree=True),
    "refuse": lambda one, _cast: _waiting(one, agree=False),
    "reopen": lambda one, _cast: reopen_case(one, "Again."),
    "add": lambda one, _cast: add_action(one, "check_in"),
    "finish": lambda one, _cast: _finish(one),
    "home": lambda one, _cast: answer_home(one, "unknown"),
    "parents": lambda one, _cast: add_action(one, "parents", sure=True),
    "to tom": lambda one, cast: hand_over(one, cast.people["tom"].pk),
    "to uma": lambda one, cast: hand_over(one, cast.people["uma"].pk),
}


@pytest.mark.django_db
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(sorted(ACTS))), max_size=8)
)
@example(steps=[("tara", "close"), ("tom", "agree"), ("tara", "to tom")])
def test_no_one_person_ends_it(cast: Cast, steps: list[tuple[str, str]]) -> None:
    savepoint = transaction.savepoint_create()
    try:
        case = begin(cast, "tara", life_safety=True)
        viewers = {name: cast.viewer(name) for name in PEOPLE}
        for who, act in steps:
            try:
                ACTS[act](open_the_case(viewers[who], case), cast)
            except Refused:
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
                assert standing is not None
                assert CaseAction.objects.filter(closing_id=standing.pk).count() == 3
    finally:
        transaction.savepoint_rollback(savepoint)
