"""Whose plan it is: attacked over the staff's own connection, table by table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import errors
from psycopg.sql import SQL, Identifier

from conftest import Cast
from upstander.base.moment import database_second
from upstander.config.database import Role as LoginRole
from upstander.intake.priority import Priority
from upstander.oncall.actions.calendars import Free, add_days, set_floor, set_hours
from upstander.oncall.actions.own import make_feed, save_rules
from upstander.oncall.actions.plans import add_override, save_layer
from upstander.oncall.actions.swaps import ask_swap
from upstander.oncall.models import GapNotice, Schedule
from upstander.oncall.tests.setup import phones, weekly
from upstander.vault.links import link_hash

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]
ACTIVE_ROLES = ("upstander_center", "upstander_school", "upstander_district", "upstander_admin")
TABLES = (
    "schedule",
    "layer",
    "layermember",
    "datedshift",
    "override",
    "swap",
    "calendar",
    "dayoff",
    "quiethours",
    "ownrule",
    "floor",
    "feed",
    "gapnotice",
)


@pytest.fixture
def told(committed_cast: Cast) -> Cast:
    """One row in each table, of Cedar's team, Maple Valley and Lakeside."""
    cast = committed_cast
    phones(cast, "tara", "tom", "uma")
    team, tom, uma = cast.teams["cedar"].pk, cast.people["tom"].pk, cast.people["uma"].pk
    now = database_second()
    soon = (now + timedelta(hours=1), now + timedelta(hours=2))
    save_layer(cast.viewer("tara"), team, weekly(tom, uma))
    add_override(
        cast.viewer("tara"), team, duty="primary", on=uma, off=tom, start=soon[0], end=soon[1]
    )
    ask_swap(cast.viewer("tom"), team, duty="primary", taker_id=uma, gives=soon)
    add_days(
        cast.viewer("dee"), "district", cast.maple.pk, [Free(now.date(), now.date(), "A break")]
    )
    set_hours(cast.viewer("dee"), cast.maple.pk, time(7), time(8))
    set_floor(cast.viewer("sam"), cast.center.pk, {"sms": 0, "voice": 60})
    save_rules(cast.viewer("tom"), {Priority.URGENT: {"sms": 0}})
    make_feed(cast.viewer("tom"))
    GapNotice.objects.create(
        schedule=Schedule.objects.get(),
        ahead_hours=1,
        starts_at=soon[0],
        ends_at=soon[1],
        told_at=now,
    )
    return cast


def seen(staff: psycopg.Connection[tuple[Any, ...]], table: str) -> int:
    try:
        row = staff.execute(
            SQL("SELECT count(*) FROM {}").format(Identifier(f"oncall_{table}"))
        ).fetchone()
    except errors.InsufficientPrivilege:
        return 0
    return row[0] if row else 0


@pytest.mark.parametrize("name", ["charlie", "cora"])
def test_another_districts_and_another_centers_people_see_nothing(
    name: str, told: Cast, real_database: SignIn
) -> None:
    viewer, staff = told.viewer(name), real_database(LoginRole.STAFF)
    people = [person.pk for person in told.people.values()]
    for active_role in ACTIVE_ROLES:
        staff.execute(f"SET ROLE {active_role}".encode())
        staff.execute("SELECT set_config('upstander.token', %s, false)", [viewer.scope])
        assert {table: seen(staff, table) for table in TABLES} == dict.fromkeys(TABLES, 0)
        row = staff.execute("SELECT api.oncall_ringable(%s)", [people]).fetchone()
        assert row == ([],), "nor who has a phone"
        plans = staff.execute(
            "SELECT api.oncall_plans(p_teams => %s, p_from => now(), p_to => now())",
            [[told.teams["cedar"].pk]],
        ).fetchone()
        assert plans == ([],)
        staff.execute("RESET ROLE")


def test_a_colleague_of_another_school_sees_only_what_is_the_districts(
    told: Cast, real_database: SignIn
) -> None:
    viewer, staff = told.viewer("bob"), real_database(LoginRole.STAFF)
    staff.execute("SET ROLE upstander_school")
    staff.execute("SELECT set_config('upstander.token', %s, false)", [viewer.scope])
    found = {table for table in TABLES if seen(staff, table)}
    assert found == {"calendar", "dayoff", "quiethours", "floor", "ownrule"}


def test_who_sees_a_plan_and_does_not_keep_it_changes_nothing(
    told: Cast, real_database: SignIn
) -> None:
    staff = real_database(LoginRole.STAFF)
    for name, active_role in (("tom", "school"), ("dee", "district"), ("alice", "center")):
        viewer = told.viewer(name)
        staff.execute(f"SET ROLE upstander_{active_role}".encode())
        staff.execute("SELECT set_config('upstander.token', %s, false)", [viewer.scope])
        assert seen(staff, "layer") == 1
        for attack in (
            "UPDATE oncall_layer SET rank = 9",
            "DELETE FROM oncall_override",
            "DELETE FROM oncall_layermember",
            "DELETE FROM oncall_floor",
            "UPDATE oncall_schedule SET time_zone = 'UTC'",
            "UPDATE oncall_ownrule SET channel = 'email' WHERE person_id <> api.scope_person()",
        ):
            assert staff.execute(attack.encode()).rowcount == 0, (name, attack)
        for attack in (
            "INSERT INTO oncall_layermember (layer_id, person_id, place)"
            " SELECT id, api.scope_person(), 9 FROM oncall_layer",
            "INSERT INTO oncall_override (schedule_id, duty, on_person_id, starts_at, ends_at,"
            " made_by, made_at) SELECT id, 'primary', api.scope_person(), now(),"
            " now() + interval '1 day', api.scope_person(), now() FROM oncall_schedule",
            "INSERT INTO oncall_floor (center_id, channel, after_seconds)"
            " SELECT DISTINCT center_id, 'email', 900 FROM places_district",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                staff.execute(attack.encode())
        staff.execute("RESET ROLE")


def test_the_bare_login_role_has_a_link_and_nothing_else(told: Cast, real_database: SignIn) -> None:
    staff, owner = real_database(LoginRole.SIGN_IN), real_database(LoginRole.OWNER)
    for table in TABLES:
        with pytest.raises(errors.InsufficientPrivilege):
            staff.execute(SQL("SELECT * FROM {}").format(Identifier(f"oncall_{table}")))
    token = make_feed(told.viewer("tom"))
    ask = "SELECT api.oncall_feed(p_hash => %s, p_from => now(), p_to => now() + interval '1 day')"
    row = staff.execute(ask, [link_hash(token)]).fetchone()
    assert row is not None
    assert row[0]["person"] == told.people["tom"].pk
    assert [plan["team"] for plan in row[0]["plans"]] == [told.teams["cedar"].pk]
    for wrong in (link_hash(token[:-1]), link_hash(""), token.encode()):
        assert staff.execute(ask, [wrong]).fetchone() == (None,)
    kept = owner.execute("SELECT token_hash FROM oncall_feed").fetchall()
    assert token.encode() not in repr(kept).encode(), "the database opens no calendar"


def test_the_worker_reads_plans_and_no_link(told: Cast, real_database: SignIn) -> None:
    worker = real_database(LoginRole.WORKER)
    assert worker.execute("SELECT count(*) FROM oncall_schedule").fetchone() == (1,)
    for attack in (
        "SELECT * FROM oncall_feed",
        "UPDATE oncall_schedule SET time_zone = 'UTC'",
        "INSERT INTO oncall_layermember (layer_id, person_id, place) VALUES (1, 1, 1)",
        "DELETE FROM oncall_override",
        "SELECT api.oncall_feed(p_hash => '', p_from => now(), p_to => now())",
    ):
        with pytest.raises(errors.InsufficientPrivilege):
            worker.execute(attack.encode())
