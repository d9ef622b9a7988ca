"""Calls attacked: forged, stale, doubled, lost, reordered; a dying worker, a stolen database."""

from __future__ import annotations

import re
import threading
from uuid import uuid4

import pytest

from tests.waiting import PATIENCE
from upstander.carriers.tests.lines import as_worker
from upstander.doors.actions import calls
from upstander.doors.call_models import Call, CallBack, Leg, PastCall
from upstander.doors.calls import sealing, sweeps
from upstander.doors.calls.sealing import marks_of_call, open_kept
from upstander.doors.calls.tests.conftest import EARS
from upstander.doors.calls.tests.lines import OTHER_LINE, OWN_PHONE, CallDoor
from upstander.doors.models import Season
from upstander.doors.texts import numbers
from upstander.escalations.models import Alert
from upstander.escalations.tests.alerts import Clock
from upstander.intake.routing import NoCenter
from upstander.tips.models import Message, Tip
from upstander.vault.errors import VaultError

pytestmark = pytest.mark.django_db


def test_what_nobody_signed_or_is_of_a_wrong_line_writes_nothing(door: CallDoor) -> None:
    form = door.form("CA1", CallStatus="ringing")
    paths = ["call", "call/on", "call/status", f"call/on/own/{uuid4()}", f"leg/{uuid4()}"]
    paths += [f"leg/{uuid4()}/status", f"back/{uuid4()}", f"back/{uuid4()}/status"]
    for path in paths:
        at = f"/carriers/north/door/{path}"
        assert door.site.post(at, form).status_code == 403
        assert door.post(at, form, token="another-token").status == 403
    for line in ("+18605550999", OTHER_LINE):
        wrong = {**form, "To": line}
        assert door.post("/carriers/north/door/call", wrong).status == 403, "it takes no calls"
    outbound = {**form, "Direction": "outbound-api"}
    assert door.post("/carriers/north/door/call", outbound).status == 403
    assert door.post("/carriers/north/door/call", {**form, "CallSid": "x' OR 1"}).status == 403
    assert not Tip.objects.exists()
    assert not Call.objects.exists()
    assert not PastCall.objects.exists()


def test_what_is_said_of_a_call_that_is_over_or_was_never_is_refused(
    door: CallDoor, clock: Clock
) -> None:
    sid, heard = door.ring()
    door.hang_up(sid)
    assert door.ring(sid)[1].status == 403, "a pick-up that somebody kept and sends again"
    assert door.press(sid, heard, "1").status == 403
    clock.move(200)
    door.work()
    door.clear()
    assert not Call.objects.exists()
    assert door.ring(sid)[1].status == 403
    assert door.press(sid, heard, "5").status == 403
    assert door.hang_up(sid) == 204, "said once more, and nothing follows"
    assert door.hang_up("CAnever") == 403
    assert door.on("CAnever").status == 403
    assert len(door.tips()) == 1
    assert not CallBack.objects.exists()


def test_a_pick_up_that_comes_twice_is_one_tip(door: CallDoor) -> None:
    sid, first = door.ring()
    assert door.ring(sid)[1].heard == first.heard
    assert len(door.tips()) == 1
    assert Call.objects.count() == 1


def test_a_pick_up_whose_process_died_in_between_is_one_tip_with_a_code(
    door: CallDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*_args: object) -> bytes:
        raise VaultError

    real = sealing.seal_kept
    monkeypatch.setattr("upstander.doors.calls.receive.seal_kept", dies)
    sid, failed = door.ring("CAdies")
    assert failed.status == 503, "the provider goes to the center's plain line"
    monkeypatch.setattr("upstander.doors.calls.receive.seal_kept", real)
    door.ring(sid)
    assert len(door.tips()) == 1
    call = door.call()
    assert call.held is not None
    assert len(open_kept(sid, call.pk, call.held).code) == 16


def test_an_answer_by_key_that_comes_twice_is_kept_once(door: CallDoor) -> None:
    sid, heard = door.ring()
    asked = door.press(sid, heard, "1")
    before = Message.objects.count()
    for _ in range(3):
        assert "about yourself" in door.press(sid, asked, "1").heard
    assert Message.objects.count() == before + 1


def test_reports_that_come_twice_late_or_in_any_order_change_nothing(door: CallDoor) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    # Completed before answered, answered after it, and the key pressed at last.
    for status in ("completed", "in-progress", "completed", "ringing", "initiated"):
        assert door.leg_says(mine, status) == 204
    assert door.ears()[0].state == "over"
    assert door.leg(mine, "1").ends
    assert door.call().state == "waiting"
    for _ in range(3):
        door.hang_up(sid)
    assert Call.objects.get().state == "over"


def test_who_hung_up_and_was_not_reported_is_asked_after(door: CallDoor, clock: Clock) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    door.work()
    door.switch.gone.add(sid)
    clock.move(16)
    door.work()
    assert door.call().state == "over"
    assert door.switch.moved[-1][0] == mine["sid"]
    assert "hung up" in door.leg(mine).heard


def test_a_counselor_who_dropped_and_was_not_reported_is_asked_after(
    door: CallDoor, clock: Clock
) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    door.work()
    door.switch.gone.add(mine["sid"])
    clock.move(16)
    door.work()
    assert door.switch.moved[-1][0] == sid
    assert "code" in door.on(sid).heard


def test_a_worker_that_dies_between_order_and_call_is_heard_by_the_phone_itself(
    door: CallDoor, clock: Clock
) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    with as_worker():
        sweeps.sweep_rings()
        sweeps._claimed(sweeps._CLAIM_LEGS, sweeps.LEASE, 5)
    leg = Leg.objects.get(person_id=door.cast.people["alice"].pk)
    assert leg.sid is None
    base = f"http://127.0.0.1:8000/carriers/north/door/leg/{leg.pk}"
    rung = {"sid": "CAorphan", "to": EARS["alice"], "url": base, "status": f"{base}/status"}
    assert "Press 1" in door.leg(rung).heard
    assert door.leg(rung, "1").room
    clock.move(sweeps.LEASE + 1)
    door.work()
    assert not door.switch.rung(EARS["alice"]), "it is not rung a second time"
    assert door.switch.moved == [(sid, "http://127.0.0.1:8000/carriers/north/door/call/on")]
    door.hang_up(sid)
    door.work()
    assert door.switch.moved[-1][0] == "CAorphan"


def test_a_worker_that_dies_before_it_rang_rings_again(door: CallDoor, clock: Clock) -> None:
    door.cast.client("alice")
    door.ring()
    with as_worker():
        sweeps.sweep_rings()
        sweeps._claimed(sweeps._CLAIM_LEGS, sweeps.LEASE, 5)
    door.work()
    assert not door.switch.dialed
    clock.move(sweeps.LEASE + 1)
    door.work()
    assert len(door.switch.rung(EARS["alice"])) == 1


def test_without_any_worker_the_caller_comes_to_who_took_it_and_to_the_own_phone(
    door: CallDoor, clock: Clock
) -> None:
    door.cast.client("alice")
    sid, heard = door.ring()
    with as_worker():
        sweeps.sweep_rings()
        sweeps.sweep_orders()
    [mine] = door.switch.rung(EARS["alice"])
    room = door.leg(mine, "1").room
    assert door.press(sid, heard).room == room, "by their own leg's next question"
    other, heard = door.ring(phone="+18605550125")
    clock.move(181)
    assert OWN_PHONE in door.press(other, heard).document


def test_the_own_phone_has_nobody_before_a_key(door: CallDoor, clock: Clock) -> None:
    sid, heard = door.ring()
    clock.move(181)
    answer = door.press(sid, heard)
    press = re.findall(r'<Number url="http://127.0.0.1:8000([^"]+)"', answer.document)[0]
    form = {"CallSid": "CAown", "CallStatus": "in-progress"}
    assert door.post(press, form).ends
    assert door.call().state == "waiting"
    assert not door.post(press, {**form, "Digits": "1"}).ends
    assert door.call().state == "talking"
    assert "code" in door.post(answer.action, door.form(sid)).heard, "when that has hung up"


def test_a_provider_that_refuses_is_asked_again_and_given_up(door: CallDoor, clock: Clock) -> None:
    door.cast.client("alice")
    door.ring()
    door.switch.broken = {"dial"}
    for _ in range(6):
        door.work()
        clock.move(sweeps.LEASE + 1)
    assert {leg.how for leg in door.ears() if leg.state == "over"} == {"failed"}
    door.switch.broken = set()
    clock.move(11)
    door.work()
    assert door.switch.dialed, "and rung again as soon as it is back"


def test_a_phone_in_a_call_or_that_declined_never_rings_a_second_time(
    door: CallDoor, clock: Clock
) -> None:
    door.cast.client("alice")
    door.cast.client("bea")
    _sid, _heard = door.ring()
    door.work()
    [mine], [other] = door.switch.rung(EARS["alice"]), door.switch.rung(EARS["bea"])
    door.leg_says(other, "busy")
    door.leg(mine, "1")
    door.work()
    second, _heard = door.ring(phone="+18605550125")
    clock.move(30)
    door.work()
    assert len(door.switch.rung(EARS["alice"])) == 1, "she talks"
    assert len(door.switch.rung(EARS["bea"])) == 2, "that was another call"
    again = door.switch.rung(EARS["bea"])[1]
    door.leg_says(again, "busy")
    clock.move(60)
    door.work()
    assert len(door.switch.rung(EARS["bea"])) == 2, "she declined this one"
    assert second


def test_seasons_that_go_take_no_running_call_along(door: CallDoor) -> None:
    sid, heard = door.ring()
    numbers.forget()
    assert door.press(sid, heard, "1").status == 200


def test_a_flood_of_calls_is_a_tip_each(door: CallDoor) -> None:
    for number in range(60):
        assert door.ring(phone=f"+1860555{4000 + number}")[1].status == 200
    assert len(door.tips()) == 60
    assert not Tip.objects.filter(junk=True).exists()


def test_where_no_center_takes_it_the_provider_leads_it_elsewhere(
    door: CallDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_args: object) -> None:
        raise NoCenter

    monkeypatch.setattr("upstander.doors.calls.receive.route_now", none)
    assert door.ring()[1].status == 503
    assert not Call.objects.exists()


def test_a_call_that_rings_wakes_nobody_twice(door: CallDoor, clock: Clock) -> None:
    door.cast.client("alice")
    sid, _heard = door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    door.leg(mine, "1")
    door.work()
    clock.move(4000)
    alert = Alert.objects.get(subject_id=door.tip().pk)
    assert alert.state == Alert.State.ACKNOWLEDGED, "whoever talks is at work"
    assert alert.next_step_due_at is not None, "asked beside them, in minutes"
    assert alert.next_step_due_at <= clock.move(0)
    calls.end(door.cast.viewer("alice"), door.call().pk)
    assert sid


def test_a_process_that_has_not_heard_of_a_new_season_finds_the_call(door: CallDoor) -> None:
    marks_of_call("north", "CAany")
    sid, heard = door.ring()
    # Another process began the season under which that call stands: this one has the old ones.
    known = [(at + 3600, seasons) for at, seasons in numbers._seasons]
    Season.objects.update(salt=b"another season's salt, 32 bytes.")
    Call.objects.update(mark=marks_of_call("north", sid, fresh=True).newest)
    PastCall.objects.all().delete()
    numbers._seasons[:] = known
    assert door.press(sid, heard, "1").status == 200


def test_a_provider_that_hangs_is_asked_about_all_at_once(door: CallDoor, clock: Clock) -> None:
    """No answer comes before all are asked for; one after another, the barrier would break."""
    sids = [door.ring(phone=f"+1860555{5000 + number}")[0] for number in range(12)]
    clock.move(31)
    door.switch.together = threading.Barrier(len(sids), timeout=PATIENCE)
    with as_worker():
        assert sweeps.sweep_silence() == len(sids)


def test_a_key_that_comes_twice_leads_into_the_same_room(door: CallDoor) -> None:
    door.cast.client("alice")
    door.ring()
    door.work()
    [mine] = door.switch.rung(EARS["alice"])
    assert door.leg(mine, "1").room == door.leg(mine, "1").room != ""
    assert door.leg(mine).room, "and so does a document that was asked for again"
