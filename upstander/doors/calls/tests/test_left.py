"""Attacks on what follows a call: who is let in, whose clock runs, who is cut off or rung again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from upstander.carriers.tests.lines import BASE, as_worker
from upstander.desk.tests.tips import a_tip
from upstander.doors.actions import calls
from upstander.doors.call_models import CallBack, Leg
from upstander.doors.calls import carrying, codes, sweeps
from upstander.doors.calls.carrying import Outcome
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import LINE, PHONE, CallDoor
from upstander.doors.calls.tests.test_codes import pressed
from upstander.doors.calls.tests.test_desk import taken
from upstander.escalations.models import Alert
from upstander.escalations.tests.alerts import Clock
from upstander.matters.factories import exclude
from upstander.tips.actions.writing import add_note
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.vault.codes import new_spoken

pytestmark = pytest.mark.django_db


def key_in(door: CallDoor, code: str) -> str:
    """Let a caller key in the code of an earlier report; return the call's id."""
    sid, heard = door.ring()
    heard = door.press(sid, door.press(sid, heard, "3"), code)
    assert "earlier report" in heard.heard
    return sid


def alert(door: CallDoor) -> Alert:
    """Return the center's alert of the one call's tip."""
    return Alert.objects.get(subject_id=door.tip().pk)


def test_whom_the_earlier_report_is_kept_from_is_not_let_in_by_a_phone_that_rings(
    door: CallDoor, clock: Clock
) -> None:
    earlier = a_tip(door.cast)
    kept = Tip.objects.get(pk=earlier.tip_id)
    assert kept.matter_id is not None
    exclude(kept.matter_id, kept.district_id, door.cast.people["bea"].pk)
    for name in ("alice", "bea"):
        door.cast.client(name)
    sid, heard = door.ring()
    door.work()
    [hers] = door.switch.rung(EARS["bea"])
    asked = door.press(sid, heard, "3")
    assert "earlier report" in door.press(sid, asked, pressed(earlier.code)).heard
    assert not door.leg(hers, "1").room, "she may not even know that there is that report"
    door.work()
    assert hers["sid"] in door.switch.ended
    clock.move(15)
    door.work()
    assert len(door.switch.rung(EARS["bea"])) == 1
    again = door.switch.rung(EARS["alice"])[-1]
    assert door.leg(again, "1").room
    assert door.call().tip_id == earlier.tip_id


def test_who_came_with_a_code_is_not_hung_up_on_when_the_counselor_drops(door: CallDoor) -> None:
    earlier = a_tip(door.cast)
    door.cast.client("alice")
    sid = key_in(door, pressed(earlier.code))
    door.work()
    mine = door.switch.rung(EARS["alice"])[-1]
    assert door.leg(mine, "1").room
    door.work()
    door.leg_says(mine, "completed")
    left = door.on(sid)
    assert "press 1" in left.heard
    assert not left.ends
    door.press(sid, left, "1")
    assert door.call().state == "waiting"


def test_who_took_a_call_and_wrote_nothing_down_has_a_clock(door: CallDoor, clock: Clock) -> None:
    sid, mine, _room = taken(door)
    assert alert(door).acknowledged_by == door.cast.people["alice"].pk
    clock.move(600)
    door.leg_says(mine, "completed")
    door.hang_up(sid)
    door.work()
    due = alert(door).next_step_due_at
    assert due is not None, "else the tip is asleep for good"
    assert due <= clock.move(0) + timedelta(hours=1)


def test_note_of_a_call_is_no_judgement(door: CallDoor, clock: Clock) -> None:
    sid, _mine, _room = taken(door)
    add_note(open_tip(door.cast.viewer("alice"), door.tip().pk), "They are at home and safe.")
    door.hang_up(sid)
    door.work()
    due = alert(door).next_step_due_at
    assert due is not None, "nobody has assessed it"
    assert due <= clock.move(0) + timedelta(minutes=10)


def test_a_caller_who_waits_once_more_asks_everybody_anew(door: CallDoor) -> None:
    sid, mine, _room = taken(door)
    door.leg_says(mine, "completed")
    door.press(sid, door.on(sid), "1")
    door.work()
    assert alert(door).state == Alert.State.OPEN
    door.hang_up(sid)
    door.work()
    assert alert(door).state == Alert.State.OPEN, "nobody came: it is not over"


@pytest.mark.parametrize(
    "number",
    [
        "+266696687",  # "ANONYMOUS", as providers write a hidden number
        "+7378742833",  # "RESTRICTED"
        "+19005550123",
        "+18765550123",
        "+881612345678",
        LINE,
    ],
)
def test_no_hidden_dear_or_foreign_number_is_promised_a_call(door: CallDoor, number: str) -> None:
    sid, heard = door.ring(phone=number)
    heard = door.press(sid, heard, "", phone=number)
    heard = door.press(sid, heard, "5", phone=number)
    assert "can’t call this number back" in heard.heard
    assert not CallBack.objects.exists()


def test_a_wish_is_for_the_phone_on_which_it_was_made_last(door: CallDoor) -> None:
    earlier = a_tip(door.cast)
    code = pressed(earlier.code)
    for phone in ("+18605550123", "+18605550124"):
        sid, heard = door.ring(phone=phone)
        heard = door.press(sid, door.press(sid, heard, "3", phone=phone), code, phone=phone)
        door.press(sid, heard, "5", phone=phone)
        door.hang_up(sid, phone)
    assert CallBack.objects.get().tip_id == earlier.tip_id
    calls.call_back(open_tip(door.cast.viewer("alice"), earlier.tip_id))
    door.work()
    door.leg(door.switch.rung(EARS["alice"])[-1], "1")
    door.work()
    assert door.switch.rung("+18605550124")
    assert not door.switch.rung("+18605550123")


def test_no_phone_stays_busy_that_was_never_rung(door: CallDoor) -> None:
    door.cast.client("alice")
    door.ring()
    with as_worker():
        sweeps.sweep_rings()
    call = door.call()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.door_own(p_call => %s, p_provider => 'north', p_came => true)", [call.pk]
        )
    door.work()
    assert not Leg.objects.exclude(state="over").exists(), "her phone is free for the next"


def test_a_phone_rung_by_a_slow_order_is_hung_up_when_somebody_else_has_the_call(
    door: CallDoor,
) -> None:
    door.cast.client("alice")
    door.ring()
    with as_worker():
        sweeps.sweep_rings()
        leg = Leg.objects.get()
        Leg.objects.filter(pk=leg.pk).update(state="over", todo="", due_at=None, how="cancelled")
        job = carrying.of_leg(leg)
        sweeps._leg_done(job, Outcome(done=True, sid="CAslow", sealed=b"x"))
    assert Leg.objects.get(pk=leg.pk).todo == "end"
    assert Leg.objects.get(pk=leg.pk).due_at is not None, "else nobody ever hangs it up"


def test_a_key_that_comes_after_the_news_of_the_hang_up_counts(
    door: CallDoor, clock: Clock
) -> None:
    sid, heard = door.ring()
    door.hang_up(sid)
    door.work()
    assert door.tip().hung_up
    assert door.press(sid, heard, "1").status == 403, "there is nobody to be led on"
    assert not door.tip().hung_up
    clock.move(20)
    door.work()
    assert alert(door).state == Alert.State.OPEN, "somebody was there: people are asked"


def test_a_crowd_that_hangs_up_does_not_keep_back_who_took_a_call(door: CallDoor) -> None:
    for number in range(sweeps._BATCH + 2):
        sid, _heard = door.ring(phone=f"+1860555{5000 + number}")
        door.hang_up(sid)
    door.cast.client("alice")
    door.ring()
    door.work()
    tip = Leg.objects.get(kind="ear").call.tip_id
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    door.work()
    assert Alert.objects.get(subject_id=tip).acknowledged_by == door.cast.people["alice"].pk


def test_words_by_keys_hold_one_of_the_site_s_threads_and_no_more(door: CallDoor) -> None:
    words = pressed(a_tip(door.cast).code)
    sid, heard = door.ring()
    asked = door.press(sid, heard, "3")
    with codes.a_turn(words) as mine:
        assert mine
        for _ in range(4):
            assert "once more" in door.press(sid, asked, words).heard, "at once, and no try is lost"
        assert "opens nothing" in door.press(sid, asked, new_spoken()).heard, "digits take no time"
    assert "earlier report" in door.press(sid, asked, words).heard


def test_what_is_said_while_codes_are_shut_is_true(
    door: CallDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "_codes_open", lambda: False)
    sid, heard = door.ring()
    answer = door.press(sid, door.press(sid, heard, "3"), new_spoken())
    assert "website only" not in answer.heard
    assert "right now" in answer.heard


def test_a_family_s_mailbox_hears_and_keeps_nothing(door: CallDoor) -> None:
    sid, heard = door.ring()
    door.press(sid, door.press(sid, heard, ""), "5")
    door.hang_up(sid)
    calls.call_back(open_tip(door.cast.viewer("alice"), door.tip().pk))
    door.work()
    mine = door.switch.rung(EARS["alice"])[-1]
    assert not mine["whom"], "a counselor waits for nothing"
    door.leg(mine, "1")
    door.work()
    [theirs] = door.switch.rung(PHONE)
    assert theirs["whom"], "before a word is said it is known who picked up"
    form = {"CallSid": theirs["sid"], "To": PHONE, "CallStatus": "in-progress"}
    path = theirs["url"].removeprefix(BASE)
    for machine in ("machine_start", "machine_end_beep", "fax"):
        answer = door.post(path, {**form, "AnsweredBy": machine})
        assert answer.ends
        assert not answer.heard
    assert "Somebody asked" in door.post(path, {**form, "AnsweredBy": "human"}).heard
