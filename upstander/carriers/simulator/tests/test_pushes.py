"""Pushes: sent with the library that the product uses, read by a browser written from the RFCs."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import WebPushException, webpush

from tests.phones import Phones
from upstander.carriers.simulator.pushing import Subscription, decode

MIRIAM = "+18605550101"


def send(subscription: dict[str, Any], words: str, **claims: Any) -> int:
    vapid = Vapid02(ec.generate_private_key(ec.SECP256R1()))
    said = {"sub": "mailto:keeper@lakeside.example"} | claims
    answer = webpush(subscription, words, vapid_private_key=vapid, vapid_claims=said, ttl=60)
    return int(answer.status_code)


def test_the_browser_reads_the_example_of_the_rfc() -> None:
    """RFC 8291, section 5."""
    subscription = Subscription.from_saved(
        {
            "number": MIRIAM,
            "site": "",
            "key": "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94",
            "auth": "BTBZMqHH6r4Tts7J_aSIgg",
            "id": "x",
        }
    )
    body = decode(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert subscription.open(body) == "When I grow up, I want to be a watermelon"


def test_a_push_is_shown(phones: Phones) -> None:
    assert send(phones.subscribe(MIRIAM), '{"title": "Tip H6K2: añade “1”"}') == 201
    assert phones.pushes(MIRIAM) == ['{"title": "Tip H6K2: añade “1”"}']


def test_one_phone_does_not_read_what_is_anothers(phones: Phones) -> None:
    theirs = phones.subscribe("+18605550102")
    mixed = phones.subscribe(MIRIAM) | {"keys": theirs["keys"]}
    assert send(mixed, "hello") == 201
    assert phones.pushes(MIRIAM) == []
    assert phones.simulator.unread == ["InvalidTag"]


@pytest.mark.parametrize(("how", "status"), [("gone", 410), ("refused", 429)])
def test_ended_and_too_many(phones: Phones, how: str, status: int) -> None:
    subscription = phones.subscribe(MIRIAM)
    phones.behave(MIRIAM, pushes=how)
    with pytest.raises(WebPushException) as refused:
        send(subscription, "hello")
    assert refused.value.response is not None
    assert refused.value.response.status_code == status


def test_a_sender_must_say_who_it_is_and_for_whom_it_speaks(phones: Phones) -> None:
    subscription = phones.subscribe(MIRIAM)
    for claims in ({"aud": "https://elsewhere.example"}, {"exp": 4_000_000_000}):
        with pytest.raises(WebPushException) as refused:
            send(subscription, "hello", **claims)
        assert refused.value.response is not None
        assert refused.value.response.status_code == 403
    with pytest.raises(WebPushException) as unsigned:
        webpush(subscription, "hello", ttl=60)
    assert unsigned.value.response is not None
    assert unsigned.value.response.status_code == 401


def test_a_subscription_outlives_its_process() -> None:
    made = Subscription(MIRIAM)
    again = Subscription.from_saved(made.saved())
    assert (again.public, again.auth, again.id) == (made.public, made.auth, made.id)
    assert len(base64.urlsafe_b64decode(str(made.told("http://x")["keys"]["auth"]) + "==")) == 16  # type: ignore[index]
