"""Calls of the database, quick and plain: the same values, refusals and hints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from conftest import LoginRole, conninfo_for
from tests.waiting import PATIENCE
from upstander.tips.speed import Away, Value, call, gateway, tell
from upstander.tips.speed.gateway import Lines, Wire

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]
PID = "SELECT pg_backend_pid()"

pytestmark = pytest.mark.usefixtures("either_intake")


@pytest.fixture
def asking(real_database: SignIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[SignIn]:
    """The public process, in its own role whichever way it asks."""
    told = conninfo_to_dict(conninfo_for(LoginRole.PUBLIC, settings.HOME))
    lines = Lines(lambda: Wire.connect(**gateway.parameters()), most=1)
    monkeypatch.setattr(settings, "PROCESS", "public")
    monkeypatch.setitem(connection.settings_dict, "USER", told["user"])
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", told["password"])
    monkeypatch.setattr(gateway, "lines", lines)
    connection.close()
    yield real_database
    with lines.line() as line:
        pass
    line.close()
    connection.close()


def test_values_of_every_kind_arrive_and_come_back(asking: SignIn) -> None:
    id_ = uuid4()
    asked: list[Value] = [b"\0\xff", id_, "Ñandú", -7, True, None]
    back = call("SELECT $1::bytea, $2::uuid, $3::text, $4::smallint, $5::boolean, $6::text", asked)
    assert back == (b"\0\xff", id_, "Ñandú", -7, True, None)
    # Prepared for these kinds of values; others of the same statement are prepared anew.
    assert call("SELECT $1::text", ["a"]) == ("a",)
    assert call("SELECT $1::text", [None]) == (None,)
    assert call("SELECT $1::text", ["b"]) == ("b",)
    assert call("SELECT 1 WHERE $1", [False]) is None


def test_it_asks_as_the_public_role_and_a_refusal_costs_no_connection(asking: SignIn) -> None:
    before = call(PID, [])
    assert call("SELECT current_user::text", []) == ("upstander_public",)
    with pytest.raises(Away):
        call("SELECT id FROM tips_tip", [])
    assert call(PID, []) == before


def test_a_dead_connection_is_replaced_without_a_word(asking: SignIn) -> None:
    before = call(PID, [])
    assert before is not None
    asking(LoginRole.OWNER).execute("SELECT pg_terminate_backend(%s, 5000)", before)
    after = call(PID, [])
    assert after is not None
    assert after != before


def test_a_hint_is_heard(asking: SignIn) -> None:
    desk, tip = asking(LoginRole.STAFF), uuid4()
    desk.execute("LISTEN tips")
    tell(tip)
    assert [hint.payload for hint in desk.notifies(timeout=PATIENCE, stop_after=1)] == [str(tip)]


def test_other_processes_call_in_their_own_transaction(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PID)
        own = cursor.fetchone()
    assert call(PID, []) == own
