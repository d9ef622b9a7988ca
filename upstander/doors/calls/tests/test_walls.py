"""Who is kept out of a call, and what a stolen database tells of one."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection

from upstander.desk.tests.tips import a_tip
from upstander.doors.call_models import Call, Leg
from upstander.doors.calls import sealing
from upstander.doors.calls.codes import go_on
from upstander.doors.calls.sealing import marks_of_call, open_kept, open_sid, past_of_call
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import PHONE, CallDoor
from upstander.doors.models import ProviderCopy
from upstander.doors.texts import numbers
from upstander.doors.texts.tests.test_texts import everything
from upstander.escalations.tests.alerts import Clock
from upstander.matters.factories import exclude
from upstander.matters.models import Exclusion
from upstander.people.models import Membership
from upstander.tips.reporter import close_session, open_with_code
from upstander.vault import sessions
from upstander.vault.errors import VaultError

pytestmark = pytest.mark.django_db


def test_who_must_not_see_it_or_has_left_is_not_let_in(door: CallDoor) -> None:
    for name in ("alice", "bea"):
        door.cast.client(name)
    door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    Membership.objects.filter(person=door.cast.people["alice"]).delete()
    assert not door.leg(mine, "1").room
    assert door.call().state == "waiting"
    assert Exclusion.objects.count() == 0


def test_a_leg_of_another_provider_or_another_call_opens_nothing(door: CallDoor) -> None:
    door.cast.client("alice")
    door.ring()
    door.work()
    leg = door.ears()[0]
    Leg.objects.filter(pk=leg.pk).update(provider="south")
    [mine] = door.switch.rung(EARS["alice"])
    assert door.leg(mine, "1").status == 403
    assert door.leg_says(mine, "completed") == 403
    assert door.call().state == "waiting"


def test_who_has_the_database_and_all_keys_finds_no_code_without_the_call_s_id(
    door: CallDoor,
) -> None:
    sid, _heard = door.ring()
    call = door.call()
    assert call.held is not None
    assert call.sid is not None
    with pytest.raises(VaultError):
        open_kept("CAanother", call.pk, call.held)
    # The worker's key gives the id while the call lasts; the row goes with it.
    assert open_sid(call.pk, call.sid) == sid
    door.hang_up(sid)
    assert Call.objects.get().held is None
    other = sealing.seal_sid(uuid4(), "CAx")
    with pytest.raises(VaultError):
        open_sid(call.pk, other)


def test_a_number_is_kept_only_after_the_key_and_nothing_of_a_call_after_its_end(
    door: CallDoor, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    door.cast.client("alice")
    sid, heard = door.ring()
    door.press(sid, heard, "1")
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    room = door.leg(mine, "1").room
    door.work()
    secret = [PHONE, PHONE[2:], "A SECRET NAME", "HARTFORD", "a-secret-token"]
    secret += [sid, mine["sid"]]
    rows = everything()
    for one in (*secret, *(one.encode().hex() for one in secret)):
        assert one not in rows, one
    door.hang_up(sid)
    door.leg_says(mine, "completed")
    door.work()
    clock.move(130)
    door.clear()
    door.copies()
    assert not ProviderCopy.objects.exists()
    assert not Call.objects.exists()
    assert not Leg.objects.exists()
    rows = everything()
    for one in (*secret, room):
        assert one not in rows
        assert one not in caplog.text
    assert marks_of_call("north", sid).newest.hex() not in rows
    mark = past_of_call("north", sid).hex()
    assert mark in rows, "for two years, so that nobody calls it up again"
    clock.move(366 * 2 * 86_400)
    door.clear()
    assert mark not in everything()


def test_a_signed_pick_up_said_again_later_makes_no_tip(door: CallDoor, clock: Clock) -> None:
    sid, _heard = door.ring()
    door.hang_up(sid)
    clock.move(20)
    door.work()
    for days in (0, 2, 70, 400):
        clock.move(days * 86_400 + 130)
        door.clear()
        numbers.forget()
        with connection.cursor() as cursor:
            # A month's key goes with its month.
            cursor.execute("SELECT api.door_forget()")
        assert door.ring(sid)[1].status == 403, days
        assert door.on(sid).status == 403
        assert len(door.tips()) == 1
        assert not Call.objects.exists()


def test_no_call_is_led_into_a_report_without_the_session_of_who_opened_it(door: CallDoor) -> None:
    earlier = a_tip(door.cast)
    session = open_with_code(earlier.code)
    assert session
    sid, _heard = door.ring()
    call = door.call()
    assert call.held is not None
    for talk in (b"x" * 32, b"", sessions.row_key(session)):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.door_call_goes_on(p_call => %s, p_talk => %s, p_held => %s)",
                [call.pk, talk, b"x"],
            )
            assert cursor.fetchone() == (False,), "nor before its own report goes on there"
    assert door.call().tip_id == door.tip().pk != earlier.tip_id
    assert go_on(session, call.tip_id)
    close_session(session)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.door_call_goes_on(p_call => %s, p_talk => %s, p_held => %s)",
            [call.pk, sessions.row_key(session), b"x"],
        )
        assert cursor.fetchone() == (False,)
    assert door.hang_up(sid) == 204


def test_who_must_not_see_an_earlier_report_is_not_let_in_by_its_call(
    door: CallDoor, clock: Clock
) -> None:
    for name in ("alice", "bea"):
        door.cast.client(name)
    sid, _heard = door.ring()
    door.work()
    [hers] = door.switch.rung(EARS["bea"])
    door.leg(hers, "1")
    door.work()
    door.leg_says(hers, "completed")
    code = "".join(re.findall(r"\b\d\b", door.on(sid).heard))[:16]
    door.hang_up(sid)
    door.work()
    earlier = door.tip()
    exclude(earlier.matter_id, earlier.district_id, door.cast.people["alice"].pk)
    clock.move(200)
    # Alice's phone rings for a call of which nobody knows what it is about.
    other, heard = door.ring()
    door.work()
    mine = door.switch.rung(EARS["alice"])[-1]
    door.leg(mine)
    opened = door.press(other, door.press(other, heard, "3"), code)
    assert "earlier report" in opened.heard
    assert not door.leg(mine, "1").room
    door.work()
    assert mine["sid"] in door.switch.ended
    clock.move(30)
    door.work()
    assert door.switch.rung(EARS["alice"])[-1] == mine, "it rings for others alone"
    assert len(door.switch.rung(EARS["bea"])) == 3, "and at once"
    assert Call.objects.get(state="waiting").tip_id == earlier.pk


def test_a_tip_that_is_forgotten_takes_its_call_and_wish_along(door: CallDoor) -> None:
    sid, heard = door.ring()
    tip = door.tip().pk
    with connection.cursor() as cursor:
        cursor.execute("SELECT retention_forget(p_subject => %s)", [tip])
    assert not Call.objects.exists()
    door.copies()
    assert door.switch.purged == [sid]
    assert heard.status == 200
