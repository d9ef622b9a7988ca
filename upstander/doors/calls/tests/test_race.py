"""Two counselors press 1 at once, over two real connections: one is in, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from conftest import Cast, LoginRole
from tests.waiting import PATIENCE
from upstander.audit.models import Entry
from upstander.doors.call_models import Call, Leg
from upstander.doors.calls.tests.conftest import EARS, a_door
from upstander.doors.calls.tests.lines import Answer, CallDoor
from upstander.tips.models import Tip


@pytest.fixture
def cast(committed_cast: Cast) -> Cast:
    """The cast in a database of its own: what threads commit others must see."""
    return committed_cast


@pytest.fixture
def committed(cast: Cast, site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CallDoor:
    """The line with the cast's phones, committed."""
    return a_door(site, cast, tmp_path, monkeypatch)


def at_once(*things: Callable[[], Answer]) -> list[Answer]:
    """Do things at the same moment, each on a connection of its own."""
    together = Barrier(len(things))

    def one(thing: Callable[[], Answer]) -> Answer:
        try:
            together.wait(PATIENCE)
            return thing()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(things)) as pool:
        return list(pool.map(one, things))


def test_of_two_who_press_1_at_once_one_is_in(committed: CallDoor) -> None:
    door = committed
    for name in ("alice", "bea"):
        door.cast.client(name)
    for number in range(4):
        phone = f"+1860555{2000 + number}"
        sid, _heard = door.ring(phone=phone)
        door.work()
        legs = [door.switch.rung(EARS[name])[-1] for name in ("alice", "bea")]
        said = at_once(*(lambda leg=leg: door.leg(leg, "1") for leg in legs))
        assert sorted(bool(one.room) for one in said) == [False, True]
        [late] = [one for one in said if not one.room]
        assert "Somebody else" in late.heard
        call = Call.objects.get(ended_at=None)
        tip = Tip.objects.get(pk=call.tip_id)
        assert tip.claimed_by == call.taken_by
        claims = Entry.objects.filter(action="tip claimed", subject_id=str(tip.pk))
        assert [one.actor_id for one in claims] == [call.taken_by]
        door.work()
        door.hang_up(sid, phone)
        door.work()
        for leg in legs:
            door.leg_says(leg, "completed")


def test_a_pick_up_that_comes_twice_at_once_is_one_tip(committed: CallDoor) -> None:
    door = committed
    said = at_once(*[lambda: door.ring("CAsame")[1]] * 4)
    assert [one.status for one in said] == [200] * 4
    assert len(door.tips()) == 1
    assert Call.objects.count() == 1


def test_a_caller_who_goes_as_somebody_presses_1_leaves_nobody_alone(
    committed: CallDoor,
) -> None:
    door = committed
    door.cast.client("alice")
    for number in range(4):
        phone = f"+1860555{2100 + number}"
        sid, _heard = door.ring(phone=phone)
        door.work()
        mine = door.switch.rung(EARS["alice"])[-1]

        def goes(sid: str = sid, phone: str = phone) -> Answer:
            return Answer(door.hang_up(sid, phone), "")

        def comes(leg: dict[str, str] = mine) -> Answer:
            return door.leg(leg, "1")

        _gone, came = at_once(goes, comes)
        door.work()
        assert not Call.objects.exclude(state="over").exists()
        if came.room:
            assert door.switch.moved[-1][0] == mine["sid"], "she is told"
        assert "hung up" in door.leg(mine).heard or not came.room
        door.leg_says(mine, "completed")
        assert not Leg.objects.exclude(state="over").exists()


def test_two_workers_ring_each_phone_once(
    committed: CallDoor, real_database: Callable[[LoginRole], Any]
) -> None:
    door = committed
    for name in ("alice", "bea"):
        door.cast.client(name)
    door.ring()

    def work() -> Answer:
        door.work()
        return Answer(200, "")

    at_once(work, work, work)
    assert [len(door.switch.rung(EARS[name])) for name in ("alice", "bea")] == [1, 1]
