"""Texts: ordered, brought, told of; and those that phones write."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from tests.phones import Phones
from upstander.carriers.simulator.signatures import sign
from upstander.carriers.simulator.tests.customer import Customer

MIRIAM = "+18605550101"


def test_the_signature_is_the_published_one() -> None:
    """Twilio's own example of its documentation."""
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert sign("12345", url, form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_text_arrives_and_is_told_of_in_order_and_signed(
    customer: Customer, phones: Phones
) -> None:
    ordered = customer.text(MIRIAM, "Tip H6K2. Reply 1.")

    assert ordered.status_code == 201
    assert ordered.json()["status"] == "queued"
    assert customer.wait("Message", "delivered") == ["sent", "delivered"]
    assert phones.texts(MIRIAM) == ["Tip H6K2. Reply 1."]
    account = phones.provider("north").account
    for got in customer.got:
        said = customer.url + got.path + "".join(n + got.form[n] for n in sorted(got.form))
        right = hmac.new(account.token.encode(), said.encode(), hashlib.sha1).digest()
        assert got.signature == base64.b64encode(right).decode()
    asked = customer.ask("GET", f"Messages/{ordered.json()['sid']}").json()
    assert (asked["status"], asked["to"]) == ("delivered", MIRIAM)


@pytest.mark.parametrize(
    ("how", "last", "error"),
    [("unreachable", "undelivered", "30003"), ("landline", "undelivered", "30006")],
)
def test_what_is_not_delivered_is_told_apart(
    customer: Customer, phones: Phones, how: str, last: str, error: str
) -> None:
    phones.behave(MIRIAM, texts=how)
    customer.text(MIRIAM)
    customer.wait("Message", last)
    assert customer.got[-1].form["ErrorCode"] == error
    assert phones.texts(MIRIAM) == []


def test_what_was_held_while_the_phone_was_off_comes_once_it_is_on(
    customer: Customer, phones: Phones
) -> None:
    phones.behave(MIRIAM, texts="held")
    customer.text(MIRIAM)
    assert customer.wait("Message", "sent") == ["sent"]

    phones.behave(MIRIAM, texts="arrive")

    customer.wait("Message", "delivered")
    assert len(phones.texts(MIRIAM)) == 1


def test_a_phone_writes_back_and_gets_the_customers_answer(
    customer: Customer, phones: Phones
) -> None:
    phones.provider("south").account.sms_url = f"{customer.url}/sms"
    customer.documents["/sms"] = "<Response><Message>Which one?</Message></Response>"
    phones.behave(MIRIAM, reply="1")

    customer.text(MIRIAM, account="south")

    phones.wait(lambda: len(phones.texts(MIRIAM)) == 2)
    inbound = next(got.form for got in customer.got if got.path == "/sms")
    assert (inbound["From"], inbound["Body"]) == (MIRIAM, "1")
    assert phones.texts(MIRIAM)[1] == "Which one?"


def test_after_stop_nothing_is_taken_until_start(customer: Customer, phones: Phones) -> None:
    phones.reply(MIRIAM, "Stop")
    refused = customer.text(MIRIAM)
    assert (refused.status_code, refused.json()["code"]) == (400, 21610)
    phones.reply(MIRIAM, "START")
    assert customer.text(MIRIAM).status_code == 201


def test_strangers_and_nonsense_are_refused(customer: Customer, phones: Phones) -> None:
    north, south = (phones.provider(name).account for name in ("north", "south"))
    text = {"To": MIRIAM, "From": north.number, "Body": "x"}
    assert customer.ask("POST", "Messages", token="wrong", **text).status_code == 401
    assert customer.ask("POST", "Messages", token=south.token, **text).status_code == 401
    assert customer.ask("POST", "Messages", **text | {"From": south.number}).json()["code"] == 21606
    assert customer.ask("POST", "Messages", **text | {"To": "911"}).json()["code"] == 21211
    assert customer.ask("POST", "Messages", **text | {"Body": ""}).json()["code"] == 21602
    assert customer.ask("GET", "Messages/SM0").status_code == 404
    mine = customer.text(MIRIAM).json()["sid"]
    assert customer.ask("GET", f"Messages/{mine}", account="south").status_code == 404
