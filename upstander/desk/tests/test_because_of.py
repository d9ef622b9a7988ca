"""A question names the words that met somebody: what was typed, the reporter's, a case's."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest

from conftest import Cast
from upstander.cases.actions.timeline import add_item
from upstander.cases.models import Case
from upstander.cases.tests.story import begin, opened
from upstander.cases.tests.test_shown_to_whom import share, terry
from upstander.desk.tests.test_handoff_names import claimed
from upstander.desk.tests.test_new_case_names import head_in_the_team, sent
from upstander.mandated.tests.test_who_of_staff import rename
from upstander.people.models import Membership
from upstander.people.roles import Role

pytestmark = pytest.mark.django_db


def because(answer: Any) -> list[str]:
    """Return which words a question says are the reason, in the order of those it names."""
    assert answer.status_code in (200, 422)
    return re.findall(r"because of “([^”]*)”", unescape(answer.content.decode()))


def test_of_the_reporters_words_at_a_hand_off(cast: Cast) -> None:
    rename(cast, "tom", "Theo Tomson")
    tip = claimed(cast, "Nobody helps. In the gym mr tompson hits us, I saw it")
    assert because(cast.client("alice").get(f"/tips/{tip}/handoff")) == ["tompson"]


def test_of_an_office_that_nobody_holds_at_a_hand_off(cast: Cast) -> None:
    Membership.objects.filter(role__in=[Role.HEAD_OF_SCHOOL, Role.DESIGNEE]).delete()
    tip = claimed(cast, "Our principal did it", tile="adult")
    shown = {"teams": [cast.teams["cedar"].pk], "brief": "Today."}
    found = because(cast.client("alice").post(f"/tips/{tip}/handoff", shown))
    assert found
    assert {one.casefold() for one in found} == {"principal"}


def test_of_what_stands_in_a_case_that_is_shared(cast: Cast) -> None:
    person = terry(cast)
    case = begin(cast, "tara", concern=Case.Concern.BULLYING)
    add_item(opened(cast, "uma", case), "note", {"words": "On the bus Terry Voss laughed"})
    assert because(share(cast, case, person)) == ["Terry"]


def test_of_the_form_that_opens_a_case(cast: Cast) -> None:
    head_in_the_team(cast)
    asked = cast.client("tom").post("/cases/new", sent(cast, why="A girl says ms rener did it"))
    assert because(asked) == ["rener"]
    asked = cast.client("tom").post("/cases/new", sent(cast, why="Nobody but our principal"))
    assert set(because(asked)) == {"principal"}


def test_of_an_office_that_nobody_holds_where_a_case_is_opened(cast: Cast) -> None:
    asked = cast.client("tom").post("/cases/new", sent(cast, why="It was our headmaster"))
    assert asked.status_code == 422
    assert '<q dir="auto">headmaster</q>' in asked.content.decode()
