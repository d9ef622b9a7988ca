"""A case ends with nothing left to do in it, by whichever road and however late it came there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import Error, connection
from psycopg import errors

from conftest import Cast
from upstander.base.refused import Refused
from upstander.cases.actions.ending import close_case, review_closing
from upstander.cases.actions.opening import OpenCase
from upstander.cases.actions.sharing import begin_inner
from upstander.cases.actions.support import add_action, finish_action
from upstander.cases.guides import actions as guides
from upstander.cases.models import Case, CaseAction, CaseClosing
from upstander.cases.tests.story import begin, opened
from upstander.people.models import Person

pytestmark = pytest.mark.django_db

ROADS: dict[str, Callable[[OpenCase], object]] = {
    "the form": lambda one: add_action(one, "check_in"),
    "a screening": lambda one: guides.keep_told(one, "They gave things away.", "A friend"),
    "a threat assessment": lambda one: guides.go_on(one, {"did": "begin", "answer": "no"}),
    "the narrower part": lambda one: add_action(begin_inner(one), "check_in", inner=True),
}


@pytest.mark.parametrize("road", ROADS)
def test_nobody_agrees_past_what_came_after_the_proposal(cast: Cast, road: str) -> None:
    case = begin(cast, "tara", life_safety=True)
    closing = close_case(opened(cast, "tara", case), "resolved", "Over.")
    ROADS[road](opened(cast, "tara", case))
    with pytest.raises(Refused, match="Not closed"):
        review_closing(opened(cast, "tom", case), closing.pk, agree=True)
    closing.refresh_from_db()
    assert (closing.state, closing.reviewed_by) == ("waiting", None)
    assert Case.objects.get(pk=case).state == "review"
    assert not CaseAction.objects.filter(closing_id=closing.pk).exists()
    # To send it back is open to them all the time.
    review_closing(opened(cast, "tom", case), closing.pk, agree=False, words="One thing is left.")
    assert Case.objects.get(pk=case).state == "open"


def test_done_meanwhile_it_is_agreed_to(cast: Cast) -> None:
    case = begin(cast, "tara", life_safety=True)
    closing = close_case(opened(cast, "tara", case), "resolved", "Over.")
    action = add_action(opened(cast, "tara", case), "check_in")
    client = cast.client("tom")
    page = client.post(f"/cases/{case}/closings/{closing.pk}", {"agree": "yes", "words": "Agreed."})
    assert page.status_code == 422
    assert "something is still on the list" in page.content.decode()
    finish_action(opened(cast, "tom", case), action.pk, "Went well.")
    review_closing(opened(cast, "tom", case), closing.pk, agree=True)
    assert Case.objects.get(pk=case).state == "closed"


@pytest.mark.parametrize("life_safety", [True, False])
def test_what_only_the_lead_sees_is_left_to_do_for_all(cast: Cast, *, life_safety: bool) -> None:
    case = begin(cast, "tara", life_safety=life_safety)
    tara = begin_inner(opened(cast, "tara", case))
    action = add_action(tara, "check_in", inner=True)
    with pytest.raises(Refused, match="Ask the case lead") as told:
        close_case(opened(cast, "tom", case), "resolved", "Over.")
    assert "Check in" not in str(told.value)
    assert not CaseClosing.objects.filter(case_id=case).exists()
    finish_action(tara, action.pk, "Went well.")
    close_case(opened(cast, "tom", case), "resolved", "Over.")
    assert Case.objects.get(pk=case).state == ("review" if life_safety else "closed")


def test_what_nobody_can_do_any_more_keeps_no_case_open(cast: Cast) -> None:
    case = begin(cast, "tara")
    add_action(begin_inner(opened(cast, "tara", case)), "check_in", inner=True)
    Person.objects.filter(pk=cast.people["tara"].pk).update(is_active=False)
    close_case(opened(cast, "tom", case), "resolved", "Over.")
    assert Case.objects.get(pk=case).state == "closed"


@pytest.mark.parametrize(
    "attack",
    [
        # Closed, or proposed, past what is left.
        "UPDATE cases_caseclosing SET state = 'standing', reviewed_at = now(),"
        " reviewed_by = {reviewer}; UPDATE cases_case SET state = 'closed',"
        " disposition = 'resolved', closed_at = now()",
        # What has ended is opened anew under the proposal.
        "UPDATE cases_caseaction SET ended_at = NULL, ended_by = NULL, ending = '',"
        " remind_at = now() WHERE ended_at IS NOT NULL",
        # What is left is called a follow-up of the closing.
        "UPDATE cases_caseaction SET closing_id = (SELECT id FROM cases_caseclosing)",
    ],
)
def test_not_even_the_databases_owner_closes_past_it(cast: Cast, attack: str) -> None:
    case = begin(cast, "tara", life_safety=True)
    tara = opened(cast, "tara", case)
    finish_action(tara, add_action(tara, "check_in").pk, "Done.")
    close_case(tara, "resolved", "Over.")
    add_action(tara, "counseling")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(Error) as refused, connection.cursor() as cursor:
        cursor.execute(attack.format(reviewer=cast.people["uma"].pk))
    assert isinstance(refused.value.__cause__, errors.InsufficientPrivilege | errors.CheckViolation)
