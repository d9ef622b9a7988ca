"""On hold: a word every half-minute, a way out by a key, and an end, for callers of either way."""

from __future__ import annotations

import re

import pytest

from upstander.audit.models import Entry
from upstander.doors.actions import calls
from upstander.doors.call_models import Leg
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import PHONE, CallDoor
from upstander.doors.calls.tests.test_desk import taken
from upstander.escalations.models import Alert
from upstander.escalations.tests.alerts import Clock
from upstander.tips.opening import open_tip

pytestmark = pytest.mark.django_db


def held(door: CallDoor) -> tuple[str, dict[str, str]]:
    """Let alice put a caller on hold; return the call's id, and her phone's leg."""
    door.cast.client("bea")
    sid, mine, _room = taken(door)
    calls.hold(door.cast.viewer("alice"), door.call().pk)
    door.work()
    return sid, mine


def called_back(door: CallDoor) -> dict[str, str]:
    """Let alice call somebody back, and put them on hold; return their leg."""
    sid, heard = door.ring()
    door.press(sid, door.press(sid, heard, ""), "5")
    door.hang_up(sid)
    door.work()
    for name in ("alice", "bea"):
        door.cast.client(name)
    calls.call_back(open_tip(door.cast.viewer("alice"), door.tip().pk))
    door.work()
    door.leg(door.switch.rung(EARS["alice"])[-1], "1")
    door.work()
    [theirs] = door.switch.rung(PHONE)
    assert door.leg(theirs, "1").room
    calls.hold(door.cast.viewer("alice"), door.call_back().pk)
    door.work()
    return theirs


def test_who_is_on_hold_hears_a_word_each_half_minute(door: CallDoor, clock: Clock) -> None:
    sid, _mine = held(door)
    heard = door.on(sid)
    for _ in range(5):
        assert "somebody is still there" in heard.heard
        assert "press 1" in heard.heard
        assert not heard.ends
        [pause] = re.findall(r'timeout="(\d+)"', heard.document)
        seconds = int(pause) + len(heard.heard) / 15
        assert 20 <= seconds <= 50, "in one language some thirty seconds, in two a little more"
        clock.move(30)
        heard = door.press(sid, heard)


def test_a_key_leads_out_of_the_hold_to_whoever_is_present(door: CallDoor) -> None:
    sid, mine = held(door)
    heard = door.on(sid)
    assert "still there" in door.press(sid, heard, "7").heard, "no other key does"
    out = door.press(sid, heard, "1")
    assert "whoever is free" in out.heard
    call = door.call()
    assert (call.state, call.taken_by, call.held_at) == ("waiting", None, None)
    door.work()
    assert door.switch.moved[-1][0] == mine["sid"]
    assert "not on hold any more" in door.leg(mine).heard, "whoever held them is told"
    hers = door.switch.rung(EARS["bea"])[-1]
    room = door.leg(hers, "1").room
    door.work()
    assert door.on(sid).room == room
    assert Entry.objects.filter(action="caller left the hold").count() == 1


def test_after_three_minutes_they_are_offered_to_everybody_again(
    door: CallDoor, clock: Clock
) -> None:
    sid, mine = held(door)
    before = [len(door.switch.rung(EARS[name])) for name in ("alice", "bea")]
    heard = door.on(sid)
    clock.move(179)
    assert "still there" in door.press(sid, heard).heard
    clock.move(2)
    offered = door.press(sid, heard)
    assert "whoever is free" in offered.heard
    assert not offered.ends
    door.work()
    door.leg_says(mine, "completed")
    clock.move(11)
    door.work()
    rung = [len(door.switch.rung(EARS[name])) for name in ("alice", "bea")]
    assert rung == [one + 1 for one in before], "also to whoever held them, once free"
    alert = Alert.objects.get(subject_id=door.tip().pk)
    assert alert.state == Alert.State.OPEN


def test_who_comes_back_in_time_has_their_caller(door: CallDoor, clock: Clock) -> None:
    sid, _mine = held(door)
    heard = door.on(sid)
    clock.move(170)
    calls.resume(door.cast.viewer("alice"), door.call().pk)
    clock.move(60)
    assert door.press(sid, heard, "1").room, "a key of a document that is past changes nothing"
    calls.hold(door.cast.viewer("alice"), door.call().pk)
    assert "still there" in door.on(sid).heard, "each hold has its own three minutes"


@pytest.mark.parametrize("how", ["key", "time"])
def test_who_was_called_back_has_the_same_way_out(door: CallDoor, clock: Clock, how: str) -> None:
    theirs = called_back(door)
    assert "still there" in door.leg(theirs).heard
    if how == "time":
        clock.move(185)
    offered = door.leg(theirs, "1" if how == "key" else "", query="?s=held")
    assert "whoever is free" in offered.heard
    door.work()
    hers = door.switch.rung(EARS["bea"])[-1]
    assert "A caller is on the line" in door.leg(hers).heard
    room = door.leg(hers, "1").room
    door.work()
    assert door.leg(theirs, query="?s=loop").room == room
    assert Leg.objects.filter(state="joined", person_id=door.cast.people["bea"].pk).exists()
