"""Calls from a phone to a line: signed, led by documents, and connected though the site is away."""

from __future__ import annotations

import pytest

from tests.phones import Phones, Talk
from upstander.carriers.simulator.signatures import sign
from upstander.carriers.simulator.tests.customer import Customer

STUDENT = "+18605550121"
CENTER = "+18605550199"
LINE = "+18605550170"
MENU = """<Response>
  <Gather input="dtmf" numDigits="1" timeout="6" actionOnEmptyResult="true" action="/door/key">
    <Say language="en-US">This is the crisis center. Press 1.</Say>
    <Pause length="1"/>
    <Say language="es-MX">Este es el centro de crisis. Pulse 2.</Say>
  </Gather>
</Response>"""
AGAIN = """<Response>
  <Gather numDigits="1" timeout="20" actionOnEmptyResult="true" action="/door/key">
    <Say>We are still here.</Say>
  </Gather>
</Response>"""
FALLBACK = f"""<Response>
  <Say>We connect you.</Say>
  <Dial callerId="{LINE}"><Number>{CENTER}</Number></Dial>
</Response>"""


def calls(customer: Customer, phones: Phones, *, path: str = "/door/call", **more: str) -> Talk:
    """Call the line from the student's phone."""
    url = f"{customer.url}{path}"
    phones.line(LINE, url=url, status=f"{customer.url}/status/line", **more)
    return phones.call(STUDENT, LINE)


def asked(customer: Customer, path: str) -> list[dict[str, str]]:
    """Return what the customer was asked at a path."""
    return [got.form for got in customer.got if got.path == path]


def test_the_customer_is_asked_signed_and_leads_by_keys(customer: Customer, phones: Phones) -> None:
    customer.documents |= {"/door/call": MENU, "/door/key": AGAIN}
    call = calls(customer, phones)
    call.hears("Este es el centro")
    call.press("2")
    call.hears("still here")

    first, second = asked(customer, "/door/call")[0], asked(customer, "/door/key")[0]
    account = phones.provider("north").account
    for got in customer.got:
        assert got.signature == sign(account.token, customer.url + got.path, got.form)
    assert (first["CallStatus"], first["Direction"], first["From"], first["To"]) == (
        "ringing",
        "inbound",
        STUDENT,
        LINE,
    )
    # A provider tells more of a caller than anybody needs.
    assert {"CallerName", "FromCity", "FromZip", "CallToken"} <= first.keys()
    assert (second["CallStatus"], second["Digits"]) == ("in-progress", "2")
    assert second["CallSid"] == first["CallSid"] == call.call.sid

    call.hang_up()
    phones.wait(lambda: bool(phones.callbacks("/status/line")))
    (ended,) = asked(customer, "/status/line")
    assert (ended["CallStatus"], ended["CallSid"]) == ("completed", call.call.sid)


def test_silence_is_told_and_passes_only_when_a_test_says_so(
    customer: Customer, phones: Phones
) -> None:
    customer.documents |= {"/door/call": MENU, "/door/key": AGAIN}
    call = calls(customer, phones)
    call.asked()
    assert asked(customer, "/door/key") == []
    call.nothing()
    call.hears("still here")
    call.nothing()
    phones.wait(lambda: len(phones.callbacks("/door/key")) == 2)
    assert [form["Digits"] for form in asked(customer, "/door/key")] == ["", ""]


def test_on_the_page_time_passes_by_itself(customer: Customer, phones: Phones) -> None:
    customer.documents["/door/call"] = (
        "<Response><Gather timeout='0.05'/><Say>Bye.</Say></Response>"
    )
    phones.line(LINE, url=f"{customer.url}/door/call")
    call = phones.call(STUDENT, LINE, timed=True)
    call.ended()
    assert call.heard() == ["Bye."]


@pytest.mark.parametrize(
    ("finish", "keys", "got"), [("#", "12#", "12"), ("*", "1#2*", "1#2"), ("", "*9#1", "*9#1")]
)
def test_which_key_ends_an_answer(
    customer: Customer, phones: Phones, finish: str, keys: str, got: str
) -> None:
    customer.documents |= {
        "/door/call": f'<Response><Gather finishOnKey="{finish}" action="/door/key"/></Response>',
        "/door/key": "<Response><Hangup/></Response>",
    }
    call = calls(customer, phones)
    call.asked()
    call.press(keys)
    if not finish:
        phones.wait(lambda: not call.call.pressed)
        call.nothing()
    call.ended()
    assert asked(customer, "/door/key")[0]["Digits"] == got


@pytest.mark.parametrize(
    ("document", "status", "tone"),
    [
        ("<Reject/>", "no-answer", "not in service"),
        ('<Reject reason="busy"/>', "busy", "a busy tone"),
    ],
)
def test_a_rejected_call_is_never_picked_up(
    customer: Customer, phones: Phones, document: str, status: str, tone: str
) -> None:
    customer.documents["/door/call"] = f"<Response>{document}</Response>"
    call = calls(customer, phones)
    call.ended()
    assert (call.status, call.call.started, call.call.lines[-1].words) == (status, None, tone)


def test_a_caller_who_gives_up_while_the_customer_thinks(
    customer: Customer, phones: Phones
) -> None:
    customer.documents["/door/call"] = MENU
    customer.slow = 0.3
    call = calls(customer, phones)
    call.hang_up()
    assert (call.status, call.heard()) == ("canceled", [])


@pytest.mark.parametrize("how", ["away", "slow", "refuses", "no use", "later"])
def test_the_document_at_the_provider_connects_while_the_site_is_away(
    customer: Customer, phones: Phones, how: str
) -> None:
    phones.world.caller.patience = 0.3
    path = "/door/call"
    if how == "away":
        customer.close()
    elif how == "slow":
        customer.slow = 1.0
    elif how == "refuses":
        customer.refuses.add(path)
    elif how == "no use":
        customer.documents[path] = "<Response><Record/></Response>"
    else:
        customer.documents |= {path: MENU, "/door/key": "no document at all"}
    call = calls(customer, phones, path=path, fallback=FALLBACK)
    if how == "later":
        call.press("1")
    counselor = phones.takes(CENTER)
    assert counselor.call.sender == LINE
    call.hears("We connect you")
    phones.wait(lambda: counselor.call.bridged is not None)
    call.say("Is anybody there?")
    counselor.hears("Is anybody there?")
    counselor.say("Yes.")
    call.hears("Yes.")
    counselor.hang_up()
    call.ended()
    # Nobody took the line: it was tried twice, and that counts as one question.
    if how == "away":
        assert [one.status for one in phones.callbacks(path)] == [0]


def test_without_such_a_document_the_call_ends_aloud(customer: Customer, phones: Phones) -> None:
    customer.documents["/door/call"] = "<Response><Start><Stream/></Start></Response>"
    call = calls(customer, phones)
    call.ended()
    assert "application error" in call.heard()[-1]


@pytest.mark.parametrize(
    "verb",
    [
        "<Record/>",
        "<Start><Transcription/></Start>",
        "<Connect><Stream/></Connect>",
        "<Enqueue>x</Enqueue>",
        '<Dial record="record-from-answer"><Number>+18605550199</Number></Dial>',
        '<Dial><Conference record="record-from-start">x</Conference></Dial>',
        "<Dial><Client>x</Client></Dial>",
        "<Dial><Conference/></Dial>",
        "<Dial/>",
        '<Dial callerId="+18605550123"><Number>+18605550199</Number></Dial>',
        '<Gather input="speech"/>',
        "<Gather><Dial>+18605550199</Dial></Gather>",
        '<Gather numDigit="1"/>',
        '<Say voice="x" speed="9">Hello</Say>',
        '<Redirect method="GET">/x</Redirect>',
    ],
)
def test_what_no_document_may_hold(customer: Customer, phones: Phones, verb: str) -> None:
    customer.documents["/door/call"] = f"<Response>{verb}<Say>Not reached.</Say></Response>"
    call = calls(customer, phones)
    call.ended()
    assert "application error" in call.heard()[-1]
    assert "Not reached." not in call.heard()


def test_dial_tells_how_it_went_and_goes_on(customer: Customer, phones: Phones) -> None:
    other = "sip:desk@center.example"
    customer.documents |= {
        "/door/call": (
            f'<Response><Dial callerId="{LINE}" timeout="5" action="/door/dialed">'
            f"<Number>{CENTER}</Number><Sip>{other}</Sip></Dial><Say>No.</Say></Response>"
        ),
        "/door/dialed": "<Response><Say>After.</Say></Response>",
    }
    phones.behave(CENTER, calls="busy")
    call = calls(customer, phones)
    taken = phones.takes(other)
    phones.wait(lambda: taken.call.bridged is not None)
    call.press("5")
    taken.hang_up()
    call.ended()
    (told,) = asked(customer, "/door/dialed")
    assert (told["DialCallStatus"], told["DialCallSid"]) == ("completed", taken.call.sid)
    assert call.heard() == ["After."]

    phones.behave(other, calls="no_answer")
    again = phones.call(STUDENT, LINE)
    again.ended()
    assert asked(customer, "/door/dialed")[1]["DialBridged"] == "false"


def test_the_first_to_pick_up_has_it_and_the_others_stop(
    customer: Customer, phones: Phones
) -> None:
    others = ["+18605550191", "+18605550192"]
    inside = "".join(f"<Number>{number}</Number>" for number in [CENTER, *others])
    customer.documents["/door/call"] = (
        f'<Response><Dial callerId="{LINE}">{inside}</Dial></Response>'
    )
    call = calls(customer, phones)
    rest = [phones.ringing(number) for number in others]
    taken = phones.takes(CENTER)
    phones.wait(lambda: all(one.status == "canceled" for one in rest))
    call.hang_up()
    taken.ended()
    assert taken.status == "completed"


def test_a_dialed_phone_hears_something_alone_and_may_be_left_out(
    customer: Customer, phones: Phones
) -> None:
    customer.documents |= {
        "/door/call": (
            f'<Response><Dial callerId="{LINE}"><Number url="/alone" sendDigits="ww12#">'
            f"{CENTER}</Number></Dial><Say>Nobody.</Say></Response>"
        ),
        "/alone": (
            '<Response><Gather numDigits="1" action="/taken"><Say>Press 1.</Say></Gather>'
            "<Hangup/></Response>"
        ),
        "/taken": "<Response/>",
    }
    call = calls(customer, phones)
    taken = phones.takes(CENTER)
    taken.hears("Press 1.")
    assert any("presses 12#" in line.words for line in taken.call.lines)
    assert call.call.bridged is None
    taken.press("1")
    phones.wait(lambda: call.call.bridged is taken.call)
    call.hang_up()
    taken.ended()

    call = phones.call(STUDENT, LINE)
    taken = phones.takes(CENTER)
    taken.asked()
    taken.nothing()
    taken.ended()
    call.hears("Nobody.")
