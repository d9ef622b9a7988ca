"""Rules that stand in Python and in the database say the same, for every input."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection

from upstander.people import sessions
from upstander.people.roles import LEADING, TeamKind, roles_in

pytestmark = pytest.mark.django_db


def _ask(statement: str, *given: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()[0][0]


@pytest.mark.parametrize(("kind", "of_school"), list(product(TeamKind, (True, False))))
def test_a_kind_of_team_has_the_same_roles(kind: TeamKind, of_school: bool) -> None:
    roles = _ask("SELECT people_roles_of(%s, %s)", kind.value, of_school)
    assert len(roles) == len(set(roles))
    assert set(roles) == {role.value for role in roles_in(kind, of_school=of_school)}


def test_a_kind_that_there_is_not_has_no_role() -> None:
    assert _ask("SELECT people_roles_of('club', false)") == []


def test_the_same_roles_lead() -> None:
    assert set(_ask("SELECT people_leading_roles()")) == {role.value for role in LEADING}


@pytest.mark.parametrize(
    ("since_start", "since_use"),
    [
        (start, use)
        for start in (timedelta(0), sessions.LONGEST - sessions.IDLE, sessions.LONGEST)
        for use in (timedelta(0), sessions.IDLE / 2, sessions.IDLE)
        if use <= start
    ],
)
def test_a_sign_in_lasts_as_long(since_start: timedelta, since_use: timedelta) -> None:
    left = _ask(
        "SELECT people_session_ends(now() - %s, now() - %s) - now()", since_start, since_use
    )
    assert left == min(sessions.IDLE - since_use, sessions.LONGEST - since_start)
