"""Nobody has a question written down in another's name, or about a tip that is not theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from psycopg import errors

from conftest import Cast, LoginRole
from upstander.tips.models import Tip
from upstander.triage.tests.test_suspicion_answers import abuse_tip

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]


def test_nobody_is_asked_in_anothers_name(committed_cast: Cast, real_database: SignIn) -> None:
    tip = Tip.objects.get(pk=abuse_tip(committed_cast))
    staff = real_database(LoginRole.STAFF)
    for name, active_role, whose in (
        ("tom", "school", "uma"),
        ("charlie", "school", "charlie"),
        ("cora", "center", "cora"),
        ("dee", "district", "tom"),
    ):
        staff.execute(f"SET ROLE upstander_{active_role}".encode())
        token = committed_cast.viewer(name).scope
        staff.execute("SELECT set_config('upstander.token', %s, false)", [token])
        with pytest.raises(errors.InsufficientPrivilege):
            staff.execute(
                "INSERT INTO mandated_asked (tip_id, matter_id, district_id, center, person_id,"
                " asked_at, remind_at, reminded) VALUES (%s, %s, %s, false, %s, now(), now(), 0)",
                [tip.pk, tip.matter_id, tip.district_id, committed_cast.people[whose].pk],
            )
        staff.execute("RESET ROLE")
