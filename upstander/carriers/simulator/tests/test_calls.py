"""Calls: rung, answered or not, and led by what the customer says."""

from __future__ import annotations

import pytest

from tests.phones import Phones
from upstander.carriers.simulator.tests.customer import Customer

MIRIAM = "+18605550101"
ASKS = """<Response>
  <Gather numDigits="1" timeout="5" action="/voice/choice">
    <Say language="es-MX">Un aviso urgente. Pulse 1 si lo tiene.</Say>
  </Gather>
  <Redirect>/voice/again</Redirect>
</Response>"""
THANKS = "<Response><Say>Thank you.</Say><Hangup/></Response>"


def test_a_pressed_key_reaches_the_customer_and_the_call_ends(
    customer: Customer, phones: Phones
) -> None:
    customer.documents |= {"/voice": ASKS, "/voice/choice": THANKS}
    phones.behave(MIRIAM, calls="answer", keys="1")

    ordered = customer.call(MIRIAM)

    assert customer.wait("Call", "completed") == [
        "initiated",
        "ringing",
        "in-progress",
        "completed",
    ]
    pressed = next(got.form for got in customer.got if got.path == "/voice/choice")
    assert (pressed["Digits"], pressed["CallSid"]) == ("1", ordered.json()["sid"])
    (call,) = phones.calls(MIRIAM)
    assert [(line.who, line.words) for line in call.lines] == [
        ("voice", "Un aviso urgente. Pulse 1 si lo tiene."),
        ("phone", "pressed 1"),
        ("voice", "Thank you."),
    ]
    assert call.lines[0].language == "es-MX"
    numbers = [int(one.form["SequenceNumber"]) for one in phones.callbacks("/status")]
    assert numbers == [0, 1, 2, 3]
    assert customer.ask("GET", f"Calls/{call.sid}").json()["status"] == "completed"


def test_without_a_key_the_document_goes_on(customer: Customer, phones: Phones) -> None:
    customer.documents |= {"/voice": ASKS, "/voice/again": THANKS}
    phones.behave(MIRIAM, calls="answer")
    customer.call(MIRIAM)
    customer.wait("Call", "completed")
    assert [got.path for got in customer.got if got.path.startswith("/voice")] == [
        "/voice",
        "/voice/again",
    ]


def test_a_hand_answers_presses_and_hangs_up(customer: Customer, phones: Phones) -> None:
    customer.documents |= {"/voice": ASKS, "/voice/choice": ASKS}
    customer.call(MIRIAM)
    call = phones.ringing(MIRIAM)
    phones.answer(call)
    phones.press(call, "3")
    phones.wait(lambda: any("choice" in one.url for one in phones.callbacks()))
    phones.hang_up(call)
    customer.wait("Call", "completed")


@pytest.mark.parametrize(
    ("how", "last", "rang"),
    [
        ("busy", "busy", False),
        ("no_answer", "no-answer", True),
        ("unreachable", "failed", False),
    ],
)
def test_who_does_not_answer_is_told_apart(
    customer: Customer, phones: Phones, how: str, last: str, rang: bool
) -> None:
    phones.behave(MIRIAM, calls=how)
    customer.call(MIRIAM)
    told = customer.wait("Call", last)
    assert ("ringing" in told) == rang
    assert "in-progress" not in told


def test_declining_is_busy_and_an_order_to_end_cancels(customer: Customer, phones: Phones) -> None:
    customer.call(MIRIAM)
    phones.hang_up(phones.ringing(MIRIAM))
    customer.wait("Call", "busy")

    sid = customer.call("+18605550102").json()["sid"]
    phones.ringing("+18605550102")
    assert customer.ask("POST", f"Calls/{sid}", Status="completed").json()["status"] == "canceled"
    customer.wait("Call", "canceled")


def test_a_machine_is_told_and_presses_nothing(customer: Customer, phones: Phones) -> None:
    customer.documents |= {"/voice": ASKS, "/voice/again": THANKS}
    phones.behave(MIRIAM, calls="machine", keys="1")
    customer.call(MIRIAM, MachineDetection="Enable")
    customer.wait("Call", "completed")
    voice = [got.form for got in customer.got if got.path.startswith("/voice")]
    assert {form["AnsweredBy"] for form in voice} == {"machine_start"}
    assert [form for form in voice if "Digits" in form] == []


def test_detection_that_the_call_does_not_wait_for(customer: Customer, phones: Phones) -> None:
    customer.documents |= {"/voice": THANKS}
    phones.behave(MIRIAM, calls="machine")
    customer.call(
        MIRIAM,
        MachineDetection="Enable",
        AsyncAmd="true",
        AsyncAmdStatusCallback=f"{customer.url}/amd",
    )
    phones.wait(lambda: bool(phones.callbacks("/amd")))
    assert phones.callbacks("/amd")[0].form["AnsweredBy"] == "machine_start"
    customer.wait("Call", "completed")
    assert not any("AnsweredBy" in got.form for got in customer.got if got.path == "/voice")


def test_a_running_call_is_sent_elsewhere(customer: Customer, phones: Phones) -> None:
    customer.documents |= {"/voice": ASKS, "/taken": THANKS}
    sid = customer.call(MIRIAM).json()["sid"]
    call = phones.ringing(MIRIAM)
    phones.answer(call)
    phones.wait(lambda: call.asking)
    customer.ask("POST", f"Calls/{sid}", Url=f"{customer.url}/taken")
    customer.wait("Call", "completed")
    assert call.lines[-1].words == "Thank you."


@pytest.mark.parametrize("document", ["", "<Response><Dial/></Response>", "<html>", "no"])
def test_an_answer_of_no_use_ends_the_call_aloud(
    customer: Customer, phones: Phones, document: str
) -> None:
    customer.documents |= {"/voice": document}
    phones.behave(MIRIAM, calls="answer")
    customer.call(MIRIAM)
    customer.wait("Call", "completed")
    assert "application error" in phones.calls(MIRIAM)[0].lines[-1].words


def test_a_document_that_leads_to_itself_ends(customer: Customer, phones: Phones) -> None:
    customer.documents |= {"/voice": "<Response><Redirect>/voice</Redirect></Response>"}
    phones.behave(MIRIAM, calls="answer")
    customer.call(MIRIAM)
    customer.wait("Call", "completed")
