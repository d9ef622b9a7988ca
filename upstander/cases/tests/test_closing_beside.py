"""Closing says what a case never had, to whoever closes it and to the second person; it refuses
nothing, and asks about the home of nobody who is not in it."""

from __future__ import annotations

from uuid import UUID

import pytest

from conftest import Cast
from upstander.cases.actions.homes import answer_home
from upstander.cases.actions.sharing import begin_inner
from upstander.cases.actions.support import add_action, finish_action
from upstander.cases.guides import actions as guides
from upstander.cases.models import Case, CaseClosing
from upstander.cases.people import add_person
from upstander.cases.tests.story import begin, opened

pytestmark = pytest.mark.django_db

MISSING = (
    "No action was ever on its list.",
    "Nobody is named whom it is about.",
    "Suicide risk: not asked.",
    "Nobody said whether home is safe: The student whom this case is about.",
)
OTHER_HOME = "Is home safe for the other student"


def page(cast: Cast, who: str, case: UUID) -> str:
    return cast.client(who).get(f"/cases/{case}").content.decode()


def missing(text: str) -> set[str]:
    return {one for one in MISSING if one in text}


def of_suicide(cast: Cast) -> UUID:
    return begin(cast, "tara", concern=Case.Concern.SELF_HARM, life_safety=True)


def test_it_lists_what_is_not_there_and_both_may_close_all_the_same(cast: Cast) -> None:
    case = of_suicide(cast)
    assert missing(page(cast, "tara", case)) == set(MISSING)
    sent = {"disposition": "resolved", "words": "She is better."}
    assert cast.client("tara").post(f"/cases/{case}/close", sent).status_code == 302
    closing = CaseClosing.objects.get(case_id=case)
    card = page(cast, "tom", case)
    assert missing(card) == set(MISSING)
    assert card.index(MISSING[2]) < card.index("I agree: close it")
    sent = {"agree": "yes", "words": "Read it all."}
    done = cast.client("tom").post(f"/cases/{case}/closings/{closing.pk}", sent)
    assert done.status_code == 302
    assert Case.objects.get(pk=case).state == "closed"
    assert not missing(page(cast, "tom", case))


def test_what_came_is_listed_no_more(cast: Cast) -> None:
    case = of_suicide(cast)
    tara = opened(cast, "tara", case)
    left = set(MISSING)
    finish_action(tara, add_action(tara, "check_in").pk, "Went well.")
    left.remove(MISSING[0])
    assert missing(page(cast, "tara", case)) == left
    add_person(tara, "Lena Ortiz", role="in_need", sure="sure")
    left.remove(MISSING[1])
    assert missing(page(cast, "tara", case)) == left
    answer_home(tara, "yes", "Asked her.")
    left.remove(MISSING[3])
    assert missing(page(cast, "tara", case)) == left
    guides.keep_told(tara, "She gave things away.", "A friend")
    assert not missing(page(cast, "tara", case))
    assert "Missing here" not in page(cast, "tara", case)


def test_of_a_part_that_they_do_not_see_it_claims_nothing(cast: Cast) -> None:
    case = of_suicide(cast)
    inner = begin_inner(opened(cast, "tara", case))
    finish_action(inner, add_action(inner, "check_in", inner=True).pk, "Went well.")
    assert MISSING[0] not in page(cast, "tara", case)
    assert "Missing here, as far as you can see:" in page(cast, "tom", case)


def test_no_other_student_is_asked_about_until_one_is_named(cast: Cast) -> None:
    case = of_suicide(cast)
    assert OTHER_HOME not in page(cast, "tara", case)
    add_person(opened(cast, "tara", case), "Ben Roe", role="maker", sure="said")
    assert OTHER_HOME in page(cast, "tara", case)
    assert "home is safe: The other student." in page(cast, "tara", case)
    door = begin(cast, "tara", concern=Case.Concern.OTHER)
    assert page(cast, "tara", door).count("Is home safe") == 1
    bullied = begin(cast, "tara", concern=Case.Concern.BULLYING)
    assert OTHER_HOME in page(cast, "tara", bullied)


def test_an_answer_about_the_other_home_stays_where_it_can_be_seen(cast: Cast) -> None:
    case = of_suicide(cast)
    answer_home(opened(cast, "tara", case), "no", "Said so.", family="other")
    assert OTHER_HOME in page(cast, "tara", case)
