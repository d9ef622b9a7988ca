"""What staff do with a call, and who may not: by action, by query and by the database itself."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404

from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.carriers.models import Channel
from upstander.carriers.tests.lines import a_way
from upstander.doors.actions import calls
from upstander.doors.call_models import Call, Leg
from upstander.doors.calls import shown
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import INTERPRETER, CallDoor
from upstander.doors.texts.tests.lines import at_desk
from upstander.people.scope import viewing
from upstander.places.models import Center

pytestmark = pytest.mark.django_db


def taken(door: CallDoor, name: str = "alice") -> tuple[str, dict[str, str], str]:
    """Let a call come in that somebody takes; return its id, their phone's leg and the room."""
    door.cast.client(name)
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS[name])
    room = door.leg(mine, "1").room
    door.work()
    return sid, mine, room


def acts() -> list[str]:
    """Return what the record says of calls, oldest first."""
    found = Entry.objects.filter(subject_kind="tip").order_by("pk")
    return [one.action for one in found if "call" in one.action or "911" in one.action]


def test_hold_and_back_again(door: CallDoor) -> None:
    sid, _mine, room = taken(door)
    viewer, call = door.cast.viewer("alice"), door.call().pk
    calls.hold(viewer, call)
    door.work()
    assert door.switch.moved[-1][0] == sid
    held = door.on(sid)
    assert "right back" in held.heard
    assert not held.room
    calls.resume(viewer, call)
    door.work()
    assert door.on(sid).room == room
    assert acts() == ["call taken", "call held", "call resumed"]


def test_a_colleague_goes_on_with_it_in_a_room_of_their_own(door: CallDoor) -> None:
    sid, mine, room = taken(door)
    bea = door.cast.people["bea"].pk
    calls.move(door.cast.viewer("alice"), door.call().pk, bea)
    door.work()
    assert door.on(sid).room == room, "until she presses 1 it is alice's"
    [hers] = door.switch.rung(EARS["bea"])
    new = door.leg(hers, "1").room
    assert new not in ("", room)
    door.work()
    assert [leg for leg, _url in door.switch.moved[-2:]] == [sid, mine["sid"]]
    assert door.on(sid).room == new
    assert "colleague" in door.leg(mine).heard
    door.leg_says(mine, "completed")
    assert (door.call().state, door.call().taken_by) == ("talking", bea)


def test_who_is_asked_to_go_on_and_does_not_leaves_it_where_it_was(door: CallDoor) -> None:
    sid, _mine, room = taken(door)
    viewer = door.cast.viewer("alice")
    calls.move(viewer, door.call().pk, door.cast.people["bea"].pk)
    door.work()
    [hers] = door.switch.rung(EARS["bea"])
    assert door.leg_says(hers, "no-answer") == 204
    assert door.call().moving_to is None
    assert door.on(sid).room == room
    calls.move(viewer, door.call().pk, door.cast.people["sam"].pk)


def test_calls_ring_the_interpreters_whom_the_center_has_set(door: CallDoor) -> None:
    """One setting for the tip and for the call; what the file says counts where there is none."""
    taken(door)
    viewer, call = door.cast.viewer("alice"), door.call()
    Center.objects.filter(pk=call.center_id).update(interpreter_phone="(860) 555-0144")
    calls.join_interpreter(viewer, call.pk)
    door.work()
    assert [one["keys"] for one in door.switch.rung("+18605550144")] == ["ww4321#"]
    assert door.switch.rung(INTERPRETER) == []


def test_an_interpreter_comes_while_the_caller_is_on_hold(door: CallDoor) -> None:
    sid, _mine, room = taken(door)
    viewer, call = door.cast.viewer("alice"), door.call()
    calls.hold(viewer, call.pk)
    door.work()
    with at_desk():
        page = door.cast.client("alice").get(f"/tips/{call.tip_id}").content.decode()
    assert "Add interpreter" in page
    calls.join_interpreter(viewer, call.pk)
    door.work()
    [interpreter] = door.switch.rung(INTERPRETER)
    assert door.leg(interpreter).room == room, "they wait there with the counselor"
    assert "right back" in door.on(sid).heard
    calls.resume(viewer, call.pk)
    door.work()
    assert door.on(sid).room == room


def test_interpreter_and_911_center_come_into_the_one_room(door: CallDoor) -> None:
    sid, mine, room = taken(door)
    viewer, call = door.cast.viewer("alice"), door.call().pk
    school = door.cast.cedar
    with pytest.raises(Refused, match="direct number"):
        calls.join_psap(viewer, call, school.pk)
    school.psap_phone = "860 555 0911"
    school.save()
    calls.join_interpreter(viewer, call)
    calls.join_psap(viewer, call, school.pk)
    with pytest.raises(Refused, match="already"):
        calls.join_interpreter(viewer, call)
    door.work()
    [interpreter], [psap] = door.switch.rung(INTERPRETER), door.switch.rung("+18605550911")
    assert interpreter["keys"] == "ww4321#"
    assert {door.leg(interpreter).room, door.leg(psap).room} == {room}
    assert acts()[1:] == ["interpreter asked into the call", "911 center asked into the call"]
    # The counselor leaves: everybody does, and the caller hears the code.
    door.leg_says(mine, "completed")
    door.work()
    assert {leg for leg, _url in door.switch.moved} >= {sid, interpreter["sid"], psap["sid"]}
    assert door.leg(psap).ends
    assert "code" in door.on(sid).heard


def test_end_leads_the_caller_to_the_code(door: CallDoor) -> None:
    sid, mine, _room = taken(door)
    calls.end(door.cast.viewer("alice"), door.call().pk)
    door.work()
    assert door.switch.ended == [mine["sid"]]
    assert door.call().state == "after"
    assert "code" in door.on(sid).heard


def test_take_rings_one_s_own_phone_and_nobody_has_two(door: CallDoor) -> None:
    sid, _heard = door.ring()
    Leg.objects.all().delete()
    door.ring(phone="+18605550125")
    first, second = Call.objects.order_by("begun_at", "id")
    viewer = door.cast.viewer("bea")
    calls.take(viewer, first.pk)
    calls.take(viewer, first.pk)
    assert Leg.objects.filter(person_id=viewer.person_id).count() == 1
    with pytest.raises(Refused, match="another call"):
        calls.take(viewer, second.pk)
    a_way(door.cast.people["cora"], Channel.VOICE, "+18605550109")
    assert sid


def test_a_call_can_not_be_led_by_who_does_not_have_it(door: CallDoor) -> None:
    taken(door)
    call = door.call().pk
    for name in ("bea", "sam"):
        viewer = door.cast.viewer(name)
        for act in (calls.hold, calls.end, calls.join_interpreter, calls.resume):
            with pytest.raises(Refused):
                act(viewer, call)
        with pytest.raises(Refused):
            calls.take(viewer, call)


@pytest.mark.parametrize("name", ["cora", "tara", "dee", "charlie"])
def test_strangers_find_no_call(door: CallDoor, name: str) -> None:
    taken(door)
    call, viewer, tip = door.call().pk, door.cast.viewer(name), door.tip().pk
    with pytest.raises((Http404, DatabaseError)):
        calls.take(viewer, call)
    if name == "cora":
        with viewing(viewer):
            assert shown.live_calls() == []
            assert shown.call_of(tip) is None
    else:
        with pytest.raises(DatabaseError), viewing(viewer):
            shown.live_calls()


@pytest.mark.parametrize("column", ["sid", "held", "mark", "number", "room"])
def test_the_desk_reads_nothing_that_leads_to_a_phone(door: CallDoor, column: str) -> None:
    taken(door)
    who = viewing(door.cast.viewer("alice"))
    with pytest.raises(DatabaseError), who, connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM doors_call")


def test_the_public_site_reads_no_table_of_calls(door: CallDoor) -> None:
    taken(door)
    for table in ("doors_call", "doors_leg", "doors_callback", "doors_pastcall"):
        ask = f"SET LOCAL ROLE upstander_public; SELECT count(*) FROM {table}"
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(ask)


def test_the_desk_sees_who_waits_and_whose_phones_ring(door: CallDoor) -> None:
    door.cast.client("alice")
    door.ring()
    door.work()
    alice = door.cast.people["alice"].pk
    with viewing(door.cast.viewer("bea")):
        [call] = shown.live_calls()
        assert call.waits
        assert call.asked(alice)
        assert shown.call_of(door.tip().pk) == call
    assert "5550123" not in repr(call)


def test_those_who_hung_up_at_once_are_one_row_of_the_queue(door: CallDoor) -> None:
    for phone in ("+18605550131", "+18605550132", "+18605550133"):
        sid, _heard = door.ring(phone=phone)
        door.hang_up(sid, phone)
    door.ring()
    door.work()
    with at_desk():
        page = door.cast.client("alice").get("/queue").content.decode()
    assert page.count("data-tip=") == 2
    assert "hung up within seconds" in page
    assert re.search(r">3\s+calls like this", page)
