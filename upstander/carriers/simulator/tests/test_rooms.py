"""Rooms: who is in, who hears whom, and what the customer is told, in whatever order."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.phones import Phones, Talk
from upstander.carriers.simulator.signatures import sign
from upstander.carriers.simulator.tests.customer import Customer

STUDENT = "+18605550121"
MIRIAM, TOMAS = "+18605550101", "+18605550102"
LINE = "+18605550170"
ROOM = "k2v9-room"
WAITS = """<Response>
  <Gather numDigits="1" timeout="20" actionOnEmptyResult="true" action="/door/wait">
    <Say>We are ringing everybody.</Say>
  </Gather>
</Response>"""
ASKS = """<Response>
  <Gather numDigits="1" timeout="10" action="/ear/take"><Say>Press 1 to take it.</Say></Gather>
  <Hangup/>
</Response>"""


def room(customer: Customer, *, ends: bool = False, starts: bool = True, more: str = "") -> str:
    """Return the document that leads into the room, and what is said after it."""
    return f"""<Response><Dial><Conference startConferenceOnEnter="{str(starts).lower()}"
      endConferenceOnExit="{str(ends).lower()}" beep="false" record="do-not-record"
      maxParticipants="8" waitUrl="" statusCallback="{customer.url}/events"
      statusCallbackEvent="start end join leave mute hold" {more}>{ROOM}</Conference></Dial>
      <Say>You are out of it.</Say></Response>"""


@pytest.fixture
def talk(customer: Customer, phones: Phones) -> tuple[Talk, Talk]:
    """A student who called, and Miriam who took the call."""
    return _talk(customer, phones)


def _talk(customer: Customer, phones: Phones) -> tuple[Talk, Talk]:
    customer.documents |= {
        "/door/call": WAITS,
        "/door/wait": WAITS,
        "/ear": ASKS,
        "/ear/take": room(customer, starts=False),
        "/door/room": room(customer),
    }
    phones.line(LINE, url=f"{customer.url}/door/call", status=f"{customer.url}/status/line")
    student = phones.call(STUDENT, LINE)
    student.asked()
    customer.call(MIRIAM, From=LINE, Url=f"{customer.url}/ear")
    miriam = phones.takes(MIRIAM, "1")
    phones.wait(lambda: bool(miriam.rooms()))
    moved = customer.ask("POST", f"Calls/{student.call.sid}", Url=f"{customer.url}/door/room")
    assert moved.status_code == 200
    student.in_room()
    miriam.in_room()
    return student, miriam


def told(customer: Customer) -> list[str]:
    """Return the events of rooms, in the order in which they came."""
    return [got.form["StatusCallbackEvent"] for got in customer.got if got.path == "/events"]


def test_a_caller_is_moved_to_whoever_took_the_call(
    customer: Customer, phones: Phones, talk: tuple[Talk, Talk]
) -> None:
    student, miriam = talk
    student.say("Hello?")
    miriam.hears("Hello?")
    miriam.say("This is the crisis center.")
    student.hears("This is the crisis center.")
    assert "Press 1 to take it." not in student.heard()
    # Keys pressed in a room reach no document.
    asked = len(phones.callbacks("/door/wait"))
    student.press("5")
    (listed,) = customer.ask("GET", "Conferences", FriendlyName=ROOM, Status="in-progress").json()[
        "conferences"
    ]
    at = f"Conferences/{listed['sid']}"
    inside = customer.ask("GET", f"{at}/Participants").json()["participants"]
    assert [one["call_sid"] for one in inside] == [miriam.call.sid, student.call.sid]
    assert len(phones.callbacks("/door/wait")) == asked

    student.hang_up()
    miriam.hang_up()
    phones.wait(lambda: len(phones.callbacks("/events")) == 6)
    assert told(customer) == [
        "participant-join",
        "participant-join",
        "conference-start",
        "participant-leave",
        "participant-leave",
        "conference-end",
    ]
    account = phones.provider("north").account
    for got in customer.got:
        assert got.signature == sign(account.token, customer.url + got.path, got.form)
    forms = [got.form for got in customer.got if got.path == "/events"]
    assert [form["SequenceNumber"] for form in forms] == [str(number) for number in range(1, 7)]
    assert (forms[3]["CallSid"], forms[3]["ParticipantCallStatus"]) == (
        student.call.sid,
        "completed",
    )
    assert forms[5]["ReasonConferenceEnded"] == "last-participant-left"
    assert customer.ask("GET", at).json()["status"] == "completed"
    assert customer.ask("GET", f"{at}/Participants").status_code == 404


def test_who_is_alone_waits_and_hears_only_what_is_for_who_waits(
    customer: Customer, phones: Phones
) -> None:
    customer.documents |= {
        "/door/call": room(customer, starts=False).replace('waitUrl=""', 'waitUrl="/wait"'),
        "/wait": "<Response><Say>Somebody comes.</Say><Pause length='5'/></Response>",
        "/ear": room(customer, more='participantLabel="ear"'),
    }
    phones.line(LINE, url=f"{customer.url}/door/call")
    student = phones.call(STUDENT, LINE)
    student.hears("Somebody comes.")
    assert phones.rooms("in-progress") == []
    student.say("Hello?")
    customer.call(MIRIAM, Url=f"{customer.url}/ear")
    miriam = phones.takes(MIRIAM)
    miriam.in_room()
    assert miriam.heard() == []
    (living,) = phones.rooms("in-progress")
    assert customer.ask("GET", f"Conferences/{living.sid}/Participants/ear").status_code == 200
    student.hang_up()
    # She stays: who comes back finds her there.
    phones.call(STUDENT, LINE).in_room()


def test_hold_and_mute(customer: Customer, phones: Phones, talk: tuple[Talk, Talk]) -> None:
    student, miriam = talk
    customer.documents["/hold"] = "<Response><Say>One moment.</Say><Pause length='9'/></Response>"
    at = f"Conferences/{miriam.in_room().sid}/Participants/{student.call.sid}"
    customer.ask("POST", at, Hold="true", HoldUrl=f"{customer.url}/hold")
    student.hears("One moment.")
    miriam.say("They can't hear this.")
    student.say("Nor she this.")
    customer.ask("POST", at, Hold="false")
    customer.ask("POST", at, Muted="true")
    student.say("Nor this.")
    miriam.say("Back again.")
    student.hears("Back again.")
    assert customer.ask("POST", at, Muted="false").json()["muted"] is False
    student.say("I am here.")
    miriam.hears("I am here.")
    assert "They can't hear this." not in student.heard()
    assert not {"Nor she this.", "Nor this."} & set(miriam.heard())
    phones.wait(lambda: len(phones.callbacks("/events")) == 7)
    assert told(customer)[3:] == [
        "participant-hold",
        "participant-unhold",
        "participant-mute",
        "participant-unmute",
    ]


def test_a_room_ends_with_who_may_end_it_and_the_other_goes_on(
    customer: Customer, phones: Phones
) -> None:
    student, miriam = _talk(customer, phones)
    at = f"Conferences/{miriam.in_room().sid}/Participants/{miriam.call.sid}"
    customer.ask("POST", at, EndConferenceOnExit="true")
    miriam.hang_up()
    student.hears("You are out of it.")
    student.ended()
    phones.wait(lambda: "conference-end" in told(customer))
    last = customer.got[[got.path for got in customer.got].index("/events") :]
    (end,) = [got.form for got in last if got.form.get("ReasonConferenceEnded")]
    assert (end["ReasonConferenceEnded"], end["CallSidEndingConference"]) == (
        "participant-with-end-conference-on-exit-left",
        miriam.call.sid,
    )


def test_leaving_by_order_is_no_hanging_up(
    customer: Customer, phones: Phones, talk: tuple[Talk, Talk]
) -> None:
    student, miriam = talk
    living = miriam.in_room()
    assert customer.ask("DELETE", f"Conferences/{living.sid}/Participants/{miriam.call.sid}").ok
    miriam.hears("You are out of it.")
    customer.documents["/code"] = (
        '<Response><Gather numDigits="1" action="/code"><Say>4021.</Say></Gather></Response>'
    )
    customer.ask("POST", f"Calls/{student.call.sid}", Url=f"{customer.url}/code")
    student.hears("4021.")
    phones.wait(lambda: len(phones.callbacks("/events")) == 6)
    assert living.reason == "last-participant-left"
    (left,) = [
        got.form
        for got in customer.got
        if got.form.get("CallSid") == student.call.sid
        if got.form.get("StatusCallbackEvent") == "participant-leave"
    ]
    assert left["ParticipantCallStatus"] == "in-progress"
    assert "4021." not in miriam.heard()


def test_a_room_is_ended_by_order(
    customer: Customer, phones: Phones, talk: tuple[Talk, Talk]
) -> None:
    at = f"Conferences/{talk[0].in_room().sid}"
    assert customer.ask("POST", at, Status="completed").json()["status"] == "completed"
    for one in talk:
        one.hears("You are out of it.")
        one.ended()


def test_a_third_is_rung_into_the_room_with_a_pin(
    customer: Customer, phones: Phones, talk: tuple[Talk, Talk]
) -> None:
    student, miriam = talk
    living = miriam.in_room()
    invite = {
        "From": LINE,
        "To": "sip:interpreter@language.example",
        "Label": "interpreter",
        "SendDigits": "ww4711#",
        "EndConferenceOnExit": "false",
        "Beep": "false",
        "StatusCallback": f"{customer.url}/status",
        "StatusCallbackEvent": "initiated ringing answered completed",
    }
    made = customer.ask("POST", f"Conferences/{living.sid}/Participants", **invite)
    assert (made.status_code, made.json()["conference_sid"]) == (201, living.sid)
    third = phones.takes(invite["To"])
    third.in_room()
    assert any("presses 4711#" in line.words for line in third.call.lines)
    third.say("Aquí el intérprete.")
    for one in talk:
        one.hears("Aquí el intérprete.")
    third.hang_up()
    customer.wait("Call", "completed")
    student.say("Still there?")
    miriam.hears("Still there?")


def test_a_full_room_takes_no_more(customer: Customer, phones: Phones) -> None:
    small = room(customer).replace('maxParticipants="8"', 'maxParticipants="1"')
    customer.documents["/door/call"] = small
    phones.line(LINE, url=f"{customer.url}/door/call")
    phones.call(STUDENT, LINE)
    phones.wait(lambda: bool(phones.rooms()))
    second = phones.call("+18605550122", LINE)
    second.hears("You are out of it.")
    assert second.rooms() == []


def test_a_leg_that_is_over_is_moved_nowhere_and_may_be_deleted(
    customer: Customer, phones: Phones, talk: tuple[Talk, Talk]
) -> None:
    student, miriam = talk
    at = f"Calls/{student.call.sid}"
    assert customer.ask("DELETE", at).json()["code"] == 20009
    student.hang_up()
    assert customer.ask("POST", at, Url=f"{customer.url}/code").json()["code"] == 21220
    assert len(customer.ask("GET", "Calls", To=LINE).json()["calls"]) == 1
    assert customer.ask("DELETE", at, account="south").status_code == 404
    assert customer.ask("DELETE", at).status_code == 204
    assert [customer.ask(how, at).status_code for how in ("GET", "POST", "DELETE")] == [404] * 3
    assert customer.ask("GET", "Calls", To=LINE).json()["calls"] == []
    assert customer.ask("GET", "Calls", From=LINE, Status="in-progress").json()["calls"]
    customer.ask("POST", f"Calls/{miriam.call.sid}", Status="completed")
    miriam.ended()


def test_another_account_reaches_no_room_and_no_number(
    customer: Customer, phones: Phones, talk: tuple[Talk, Talk]
) -> None:
    at = f"Conferences/{talk[0].in_room().sid}"
    for path in (at, f"{at}/Participants", f"{at}/Participants/{talk[0].call.sid}"):
        assert customer.ask("GET", path, account="south").status_code == 404
    stolen = {"To": MIRIAM, "From": LINE, "Url": customer.url}
    assert customer.ask("POST", "Calls", account="south", **stolen).json()["code"] == 21210


# -- a provider that behaves badly ----------------------------------------------------------------
def test_events_come_twice(customer: Customer, phones: Phones) -> None:
    phones.provider("north").behave(copies=2)
    for one in _talk(customer, phones):
        one.hang_up()
    phones.wait(lambda: len(phones.callbacks("/events")) == 12)
    assert set(Counter(told(customer)).values()) == {2, 4}


def test_events_come_last_first(customer: Customer, phones: Phones) -> None:
    phones.provider("north").behave(reorder=True)
    for one in _talk(customer, phones):
        one.hang_up()
    phones.wait(lambda: len(phones.callbacks("/events")) == 6)
    assert told(customer)[0] == "conference-end"
    assert told(customer)[-1] == "participant-join"
    assert customer.told("Call")[0] == "completed"


def test_events_come_late_and_each_in_its_order(customer: Customer, phones: Phones) -> None:
    phones.provider("north").behave(late=10)
    student, miriam = _talk(customer, phones)
    assert told(customer) == []
    student.hang_up()
    miriam.hang_up()
    phones.wait(lambda: len(phones.callbacks("/events")) == 6)
    assert told(customer)[-1] == "conference-end"


def test_a_silent_provider_connects_people_and_says_nothing(
    customer: Customer, phones: Phones
) -> None:
    phones.provider("north").behave(silent=True)
    student, miriam = _talk(customer, phones)
    living = student.in_room()
    student.say("Hello?")
    miriam.hears("Hello?")
    student.hang_up()
    miriam.hang_up()
    assert customer.ask("GET", f"Conferences/{living.sid}").json()["status"] == "completed"
    assert customer.ask("GET", f"Calls/{miriam.call.sid}").json()["status"] == "completed"
    assert phones.callbacks("/events") + phones.callbacks("/status") == []


def test_events_are_lost_and_asked_for(customer: Customer, phones: Phones) -> None:
    phones.provider("north").behave(lose="participant-leave conference-end completed")
    student, miriam = _talk(customer, phones)
    living = student.in_room()
    student.hang_up()
    miriam.hang_up()
    phones.wait(lambda: living.status == "completed")
    phones.wait(lambda: len(phones.callbacks("/events")) == 3)
    assert "completed" not in customer.told("Call")
    assert customer.ask("GET", f"Calls/{student.call.sid}").json()["status"] == "completed"
    assert customer.ask("GET", f"Conferences/{living.sid}").json()["status"] == "completed"


def test_events_are_forged_and_told_of_rooms_that_nobody_opened(
    customer: Customer, phones: Phones
) -> None:
    phones.provider("north").behave(stranger=True)
    student, _ = _talk(customer, phones)
    living = student.in_room()
    phones.wait(lambda: len(phones.callbacks("/events")) == 6)
    sids = Counter(got.form["ConferenceSid"] for got in customer.got if got.path == "/events")
    assert (sids[living.sid], len(sids)) == (3, 4)

    phones.provider("north").behave(stranger=False, forge=True)
    customer.got.clear()
    again = phones.call(STUDENT, LINE)
    again.asked()
    account = phones.provider("north").account
    for got in customer.got:
        if got.form.get("CallSid") == again.call.sid:
            assert got.signature != sign(account.token, customer.url + got.path, got.form)


def test_a_provider_that_changes_nothing_and_one_that_takes_no_order(
    customer: Customer, phones: Phones, talk: tuple[Talk, Talk]
) -> None:
    student, miriam = talk
    living = student.in_room()
    phones.provider("north").behave(unwilling=503)
    at = f"Calls/{student.call.sid}"
    person = f"Conferences/{living.sid}/Participants/{student.call.sid}"
    assert customer.ask("POST", at, Url=f"{customer.url}/code").status_code == 503
    assert customer.ask("POST", person, Hold="true").status_code == 503
    assert customer.ask("DELETE", at).status_code == 503
    assert customer.ask("GET", at).json()["status"] == "in-progress"
    student.say("Still there?")
    miriam.hears("Still there?")

    phones.provider("north").behave(unwilling=0, refuse=429)
    invite = {"From": LINE, "To": TOMAS}
    at = f"Conferences/{living.sid}/Participants"
    assert customer.ask("POST", at, **invite).status_code == 429
    assert phones.calls(TOMAS) == []
