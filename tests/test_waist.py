"""The narrow waist over real connections of the public role: kept, few, and replaced when dead."""

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

from tests.servers import until
from upstander.config.database import Role, conninfo_for
from upstander.tips import waist
from upstander.tips.waist import Away, Hints, Line, Lines, Value, call

SignIn = Callable[[Role], psycopg.Connection[tuple[Any, ...]]]
PID = "SELECT pg_backend_pid()"


@pytest.fixture
def dialled(real_database: SignIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Line]]:
    """The waist as in the public process; gives the connections it has opened."""
    opened: list[Line] = []
    database = connection.settings_dict["NAME"]
    public = conninfo_for(Role.PUBLIC, settings.HOME)

    def dial() -> Line:
        opened.append(Line.connect(public, dbname=database, autocommit=True))
        return opened[-1]

    monkeypatch.setattr(settings, "PROCESS", "public")
    monkeypatch.setattr(waist, "lines", Lines(dial, most=2))
    monkeypatch.setattr(waist, "PATIENCE", 0.1)
    yield opened
    for line in opened:
        line.close()


def test_the_line_used_last_is_used_next(dialled: list[Line]) -> None:
    assert len({call(PID, []) for _ in range(5)}) == 1
    with waist.lines.line() as held:
        other = call(PID, [])
        assert other != (held.info.backend_pid,)
    assert call(PID, []) == (held.info.backend_pid,)
    assert len(dialled) == 2


def test_a_dead_line_is_replaced_without_a_word(dialled: list[Line], real_database: SignIn) -> None:
    with waist.lines.line(), waist.lines.line():
        pass
    itself = real_database(Role.PUBLIC)
    for line in list(dialled):
        itself.execute("SELECT pg_terminate_backend(%s)", [line.info.backend_pid])
    for _ in range(3):
        assert call(PID, []) is not None
    assert len(dialled) == 3


def test_a_refusal_is_told_and_costs_no_line(dialled: list[Line]) -> None:
    before = call(PID, [])
    with pytest.raises(Away):
        call("SELECT id FROM tips_tip", [])
    assert call(PID, []) == before


def test_more_than_there_are_lines_wait_for_a_while(dialled: list[Line]) -> None:
    with waist.lines.line(), waist.lines.line():
        with pytest.raises(queue.Empty), waist.lines.line():
            pass
        with pytest.raises(Away):
            call(PID, [])
    assert call(PID, []) is not None


def test_while_the_database_is_away_each_call_says_so(
    monkeypatch: pytest.MonkeyPatch, dialled: list[Line]
) -> None:
    def nobody_there() -> Line:
        raise psycopg.OperationalError("away")

    monkeypatch.setattr(waist, "lines", Lines(nobody_there, most=1))
    for _ in range(3):
        with pytest.raises(Away):
            call(PID, [])


def test_values_of_every_kind_arrive_and_come_back(dialled: list[Line]) -> None:
    id_ = uuid4()
    asked: list[Value] = [b"\0\xff", id_, "Ñandú", -7, True, None]
    back = call("SELECT $1::bytea, $2::uuid, $3::text, $4::smallint, $5::boolean, $6::text", asked)
    assert back == (b"\0\xff", id_, "Ñandú", -7, True, None)
    # Prepared for these kinds of values; others of the same statement are prepared anew.
    assert call("SELECT $1::text", ["a"]) == ("a",)
    assert call("SELECT $1::text", [None]) == (None,)
    assert call("SELECT $1::text", ["b"]) == ("b",)
    assert call("SELECT 1 WHERE $1", [False]) is None
    assert len(dialled[0].prepared) == 4


def test_hints_go_out_beside_the_answer_and_together(
    dialled: list[Line], real_database: SignIn
) -> None:
    desk = real_database(Role.STAFF)
    desk.execute("LISTEN tips")
    hints, tips, last = Hints(), [uuid4() for _ in range(5)], uuid4()
    for tip in (*tips, tips[0], last):
        hints.tell(tip)
    heard: list[str] = []
    for hint in desk.notifies(timeout=30):
        heard.append(hint.payload)
        if hint.payload == str(last):
            break
    assert list(dict.fromkeys(heard)) == [str(tip) for tip in (*tips, last)]

    # A hint is heard before its line has the answer. Closed under it, it would dial a new one.
    def all_back() -> bool:
        with suppress(queue.Empty), waist.lines.line(), waist.lines.line():
            return True
        return False

    assert until(all_back, 30)


def test_other_processes_call_in_their_own_transaction(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PID)
        own = cursor.fetchone()
    assert call(PID, []) == own
