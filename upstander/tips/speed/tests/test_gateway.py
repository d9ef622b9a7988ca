"""Connections of the public role, real ones: kept, few, and replaced when dead."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from conftest import LoginRole, conninfo_for
from tests.waiting import PATIENCE, until
from upstander.tips.speed import Away, call, gateway
from upstander.tips.speed.gateway import Hints, Lines, Wire

SignIn = Callable[[LoginRole], psycopg.Connection[tuple[Any, ...]]]
PID = "SELECT pg_backend_pid()"


@pytest.fixture
def dialled(real_database: SignIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Wire]]:
    """The gateway as in the public process; gives the connections it has opened."""
    opened: list[Wire] = []
    database = connection.settings_dict["NAME"]
    public = conninfo_for(LoginRole.PUBLIC, settings.HOME)

    def dial() -> Wire:
        opened.append(Wire.connect(public, dbname=database, autocommit=True))
        return opened[-1]

    monkeypatch.setattr(settings, "PROCESS", "public")
    monkeypatch.setattr(gateway, "lines", Lines(dial, most=2))
    monkeypatch.setattr(gateway, "PATIENCE", 0.1)
    yield opened
    for line in opened:
        line.close()


def test_the_line_used_last_is_used_next(dialled: list[Wire]) -> None:
    assert len({call(PID, []) for _ in range(5)}) == 1
    with gateway.lines.line() as held:
        other = call(PID, [])
        assert other != (held.info.backend_pid,)
    assert call(PID, []) == (held.info.backend_pid,)
    assert len(dialled) == 2


def test_a_dead_line_is_replaced_without_a_word(dialled: list[Wire], real_database: SignIn) -> None:
    with gateway.lines.line(), gateway.lines.line():
        pass
    owner = real_database(LoginRole.OWNER)
    for line in list(dialled):
        owner.execute("SELECT pg_terminate_backend(%s)", [line.info.backend_pid])
    for _ in range(3):
        assert call(PID, []) is not None
    assert len(dialled) == 3


def test_a_refusal_is_told_and_costs_no_line(dialled: list[Wire]) -> None:
    before = call(PID, [])
    with pytest.raises(Away):
        call("SELECT id FROM tips_tip", [])
    assert call(PID, []) == before


def test_more_than_there_are_lines_wait_for_a_while(dialled: list[Wire]) -> None:
    with gateway.lines.line(), gateway.lines.line():
        with pytest.raises(queue.Empty), gateway.lines.line():
            pass
        with pytest.raises(Away):
            call(PID, [])
    assert call(PID, []) is not None


def test_while_the_database_is_away_each_call_says_so(
    monkeypatch: pytest.MonkeyPatch, dialled: list[Wire]
) -> None:
    def nobody_there() -> Wire:
        raise psycopg.OperationalError("away")

    monkeypatch.setattr(gateway, "lines", Lines(nobody_there, most=1))
    for _ in range(3):
        with pytest.raises(Away):
            call(PID, [])


def test_a_statement_is_prepared_once_for_each_kind_of_values(dialled: list[Wire]) -> None:
    for value in ("a", None, "b"):
        assert call("SELECT $1::text", [value]) == (value,)
    assert len(dialled[0].prepared) == 2


def test_hints_go_out_beside_the_answer_and_together(
    dialled: list[Wire], real_database: SignIn
) -> None:
    desk = real_database(LoginRole.STAFF)
    desk.execute("LISTEN tips")
    hints, tips, last = Hints(), [uuid4() for _ in range(5)], uuid4()
    for tip in (*tips, tips[0], last):
        hints.tell(tip)
    heard: list[str] = []
    for hint in desk.notifies(timeout=PATIENCE):
        heard.append(hint.payload)
        if hint.payload == str(last):
            break
    assert list(dict.fromkeys(heard)) == [str(tip) for tip in (*tips, last)]

    # A hint is heard before its line has the answer. Closed under it, it would dial a new one.
    def all_back() -> bool:
        with suppress(queue.Empty), gateway.lines.line(), gateway.lines.line():
            return True
        return False

    assert until(all_back)
