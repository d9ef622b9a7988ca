"""A call from pick-up to its end: a tip before any key, phones that ring, one who takes it."""

from __future__ import annotations

import re

import pytest
from django.db import connection

from upstander.doors.actions import calls
from upstander.doors.call_models import Call, CallBack, Leg
from upstander.doors.calls.sealing import open_kept
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import LINE, OWN_PHONE, PHONE, CallDoor
from upstander.doors.models import ProviderCopy
from upstander.doors.web.told import told, waits
from upstander.escalations.models import Alert
from upstander.escalations.tests.alerts import Clock
from upstander.tips.actions.writing import add_reply
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip, words_shown
from upstander.tips.reporter import dialog_for
from upstander.triage.actions.work import claim_tip

pytestmark = pytest.mark.django_db


def test_a_call_is_a_tip_before_any_key(door: CallDoor) -> None:
    _sid, heard = door.ring()
    assert heard.status == 200
    assert "Lakeside" in heard.heard
    assert "911" in heard.heard
    assert "Español: 2" in heard.heard
    tip = door.tip()
    assert (tip.channel, tip.priority, tip.state) == ("voice", "urgent", "new")
    assert tip.district_id == door.cast.maple.pk
    call = door.call()
    assert (call.state, call.keyed, call.tip_id) == ("waiting", False, tip.pk)


def test_phones_ring_at_pick_up_and_who_presses_1_has_caller_and_tip(door: CallDoor) -> None:
    door.cast.client("alice")
    door.cast.client("bea")
    sid, _heard = door.ring()
    door.work()
    assert {one["to"] for one in door.switch.dialed} == {EARS["alice"], EARS["bea"]}
    [mine], [other] = door.switch.rung(EARS["alice"]), door.switch.rung(EARS["bea"])
    assert "Press 1" in door.leg(mine).heard
    assert "Press 1" in door.leg(other).heard
    room = door.leg(mine, "1").room
    assert room
    assert "Somebody else" in door.leg(other, "1").heard
    door.work()
    assert door.switch.moved == [(sid, "http://127.0.0.1:8000/carriers/north/door/call/on")]
    assert door.switch.ended == [other["sid"]]
    assert door.on(sid).room == room
    tip, call = door.tip(), door.call()
    alice = door.cast.people["alice"].pk
    assert (tip.state, tip.claimed_by) == ("claimed", alice)
    assert (call.state, call.taken_by) == ("talking", alice)
    alert = Alert.objects.get(subject_id=tip.pk)
    assert (alert.state, alert.acknowledged_by) == ("acknowledged", alice)


def said_on_the_website(sid: str, call: Call) -> str:
    """Return where the conversation of a call stands, as its page on the website says it."""
    assert call.held is not None
    dialog = dialog_for(open_kept(sid, call.pk, call.held).session)
    assert waits(dialog) == (call.taken_at is None)
    return told(dialog).words


def test_a_call_that_somebody_took_reads_as_talked(door: CallDoor) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    assert said_on_the_website(sid, door.call()) == "Waiting for a counselor."
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    talked = "You talked with the crisis center by phone."
    assert said_on_the_website(sid, door.call()) == talked
    alice, tip = door.cast.viewer("alice"), door.tip().pk
    words_shown(open_tip(alice, tip))
    assert said_on_the_website(sid, door.call()) == talked, "of a call there are no words to read"
    add_reply(open_tip(alice, tip), "Here is what we said.")
    assert said_on_the_website(sid, door.call()) == "A counselor has read it."


def test_a_call_that_the_own_phone_took_reads_as_talked(door: CallDoor) -> None:
    sid, _heard = door.ring()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.door_own(p_call => %s, p_provider => 'north', p_came => true)",
            [door.call().pk],
        )
    assert said_on_the_website(sid, door.call()) == "You talked with the crisis center by phone."


def test_a_call_that_nobody_took_is_to_be_read(door: CallDoor) -> None:
    sid, _heard = door.ring()
    claim_tip(door.cast.viewer("alice"), door.tip().pk)
    assert said_on_the_website(sid, door.call()) == "A counselor has your message."


def test_who_has_the_caller_is_told_when_they_have_gone(door: CallDoor, clock: Clock) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    door.work()
    assert door.hang_up(sid) == 204
    door.work()
    assert door.switch.moved[-1] == (mine["sid"], mine["url"])
    gone = door.leg(mine)
    assert "hung up" in gone.heard
    assert gone.ends
    assert door.leg_says(mine, "completed") == 204
    clock.move(125)
    door.clear()
    assert not Call.objects.exists()
    assert not Leg.objects.exists()
    door.copies()
    assert set(door.switch.purged) == {sid, mine["sid"]}
    assert not ProviderCopy.objects.exists()


def test_when_the_counselor_has_left_the_caller_is_led_on(door: CallDoor) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    room = door.leg(mine, "1").room
    door.work()
    inside = door.on(sid)
    assert "counselor is here" in inside.heard
    # The room ends before its provider says why: nobody is said to be there who has just left.
    assert door.press(sid, inside).heard == ""
    assert door.leg_says(mine, "completed") == 204
    door.work()
    assert door.switch.moved[-1][0] == sid
    after = door.on(sid)
    assert after.room == ""
    assert room not in after.document
    assert door.call().state == "after"


def test_a_caller_who_hangs_up_at_once_rings_nobody(door: CallDoor, clock: Clock) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    clock.move(9)
    assert door.hang_up(sid) == 204
    door.work()
    assert door.switch.ended == [mine["sid"]]
    tip = door.tip()
    assert tip.hung_up
    assert tip.state == "new", "a person sets it aside"
    clock.move(16)
    door.work()
    assert Alert.objects.get(subject_id=tip.pk).state == "ended"


@pytest.mark.parametrize(("seconds", "key"), [(11, ""), (3, "2")])
def test_who_stays_longer_or_presses_any_key_is_live(
    door: CallDoor, clock: Clock, seconds: int, key: str
) -> None:
    sid, heard = door.ring()
    if key:
        door.press(sid, heard, key)
    clock.move(seconds)
    door.hang_up(sid)
    door.work()
    tip = door.tip()
    assert not tip.hung_up
    assert Alert.objects.get(subject_id=tip.pk).state == "open"
    assert tip.language == ("es" if key else "en")


def test_where_nobody_is_there_others_ring_and_at_last_the_own_phone(
    door: CallDoor, clock: Clock
) -> None:
    sid, heard = door.ring()
    door.work()
    assert EARS["sam"] in {one["to"] for one in door.switch.dialed}, "nobody is at the desk"
    clock.move(61)
    door.work()
    assert door.switch.rung(OWN_PHONE)
    clock.move(120)
    Leg.objects.update(state="over", ended_at=door.call().begun_at)
    answer = door.press(sid, heard)
    assert OWN_PHONE in answer.document
    assert 'callerId="+18605550170"' in answer.document


def test_keys_answer_for_who_can_not_speak_and_raise_as_the_form_does(door: CallDoor) -> None:
    sid, heard = door.ring()
    asked = door.press(sid, heard, "1")
    assert "danger right now" in asked.heard
    assert "¿" not in asked.heard
    asked = door.press(sid, asked, "1")
    assert "about yourself" in asked.heard
    tip = Tip.objects.get()
    assert tip.happening_now
    asked = door.press(sid, asked, "1")
    assert "at school" in asked.heard
    asked = door.press(sid, asked, "2")
    assert "answers are with the center" in asked.heard
    answers = door.contents().answers
    assert (answers["when"], answers["who"]) == ("now", "me")
    assert "Not at school" in answers["place"]


def test_the_code_is_read_when_the_counselor_has_left_and_opens_the_report(
    door: CallDoor,
) -> None:
    door.cast.client("alice")
    sid, heard = door.ring()
    door.press(sid, heard, "1")
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    with_counselor = [door.leg(mine), door.leg(mine, "1")]
    door.work()
    door.leg_says(mine, "completed")
    after = door.on(sid)
    digits = "".join(re.findall(r"\b\d\b", after.heard.partition("To hear")[0]))
    assert len(digits) == 32
    code = digits[:16]
    assert digits == code * 2, "read twice"
    assert not any(" ".join(code[:4]) in one.heard for one in with_counselor)
    again = door.press(sid, after, "*")
    assert " ".join(code[:4]) in again.heard
    assert door.press(sid, again).ends
    door.hang_up(sid)
    # They call again, and it goes on in what they began.
    other, heard = door.ring()
    asked = door.press(other, heard, "3")
    assert "wrong or missing" in door.press(other, asked, code[:15] + str(9 - int(code[15]))).heard
    opened = door.press(other, asked, code)
    assert "earlier report" in opened.heard
    [first] = [tip for tip in door.tips() if tip.resent_from_id is None]
    [second] = [tip for tip in door.tips() if tip.resent_from_id is not None]
    assert Call.objects.get(ended_at=None).tip_id == first.pk
    assert (second.state, second.resent_from_id) == ("closed", first.pk)


def test_three_codes_can_be_tried_in_a_call(door: CallDoor) -> None:
    sid, heard = door.ring()
    asked = door.press(sid, heard, "3")
    for _ in range(3):
        assert "again" in door.press(sid, asked, "1234123412341234").heard
    assert "No more codes" in door.press(sid, asked, "1234123412341234").heard


def test_whoever_is_cut_off_can_talk_again(door: CallDoor) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    door.work()
    door.leg_says(mine, "completed")
    after = door.on(sid)
    assert "ringing" in door.press(sid, after, "1").heard
    assert door.call().state == "waiting"


def test_who_wishes_is_called_back_and_nobody_else_has_their_number(
    door: CallDoor, clock: Clock
) -> None:
    door.cast.client("alice")
    sid, heard = door.ring()
    clock.move(95)
    Leg.objects.all().delete()
    asked = door.press(sid, door.press(sid, heard, "1"), "")
    assert "press 5" in asked.heard
    assert not CallBack.objects.exists()
    assert "call you back" in door.press(sid, asked, "5").heard
    door.hang_up(sid)
    opened = open_tip(door.cast.viewer("alice"), door.tip().pk)
    calls.call_back(opened)
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    assert "call a reporter back" in door.leg(mine).heard
    assert not door.switch.rung(PHONE), "the counselor is there first"
    room = door.leg(mine, "1").room
    door.work()
    [theirs] = door.switch.rung(PHONE)
    assert theirs["line"] == LINE
    hello = door.leg(theirs)
    assert "Lakeside" not in hello.heard
    assert hello.ends, "a machine is hung up on"
    assert door.leg(theirs, "1").room == room
    clock.move(60)
    door.leg_says(mine, "completed")
    door.leg_says(theirs, "completed")
    assert CallBack.objects.get().number is None


def test_nobody_who_does_not_press_1_is_called_back(door: CallDoor, clock: Clock) -> None:
    door.cast.client("alice")
    sid, heard = door.ring()
    clock.move(95)
    asked = door.press(sid, heard, "1")
    door.press(sid, asked, "5")
    door.hang_up(sid)
    calls.call_back(open_tip(door.cast.viewer("alice"), door.tip().pk))
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    door.work()
    [theirs] = door.switch.rung(PHONE)
    door.leg(theirs)
    assert door.leg_says(theirs, "completed") == 204
    door.work()
    told = door.leg(mine)
    assert "Nobody answered" in told.heard
    assert told.ends
    assert CallBack.objects.exists(), "it can be tried again"


def test_a_room_that_ended_without_a_report_is_asked_after_at_once(
    door: CallDoor, clock: Clock
) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    door.work()
    inside = door.on(sid)
    clock.move(20)
    door.work()
    door.switch.gone.add(mine["sid"])
    clock.move(2)
    door.work()
    assert door.call().state == "talking", "it was asked two seconds ago"
    assert door.press(sid, inside).room
    door.work()
    assert door.switch.moved[-1][0] == sid
    assert "code" in door.on(sid).heard


def test_who_calls_back_is_told_where_the_provider_refuses(door: CallDoor, clock: Clock) -> None:
    door.cast.client("alice")
    sid, heard = door.ring()
    clock.move(95)
    door.press(sid, door.press(sid, heard, "1"), "5")
    door.hang_up(sid)
    calls.call_back(open_tip(door.cast.viewer("alice"), door.tip().pk))
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    door.switch.broken = {"dial"}
    door.work()
    assert "Nobody answered" in door.leg(mine).heard
    assert CallBack.objects.exists()
