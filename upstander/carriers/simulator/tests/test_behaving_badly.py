"""Providers that refuse, hang, keep silent, repeat, mix up, lie; and others who claim to be one."""

from __future__ import annotations

import pytest
import requests

from tests.phones import Phones
from upstander.carriers.simulator.behaviour import AccountBehaviour, WrongBehaviour, changed
from upstander.carriers.simulator.signatures import sign
from upstander.carriers.simulator.tests.customer import Customer

MIRIAM = "+18605550101"


@pytest.mark.parametrize("status", [400, 401, 429, 500, 503])
def test_one_provider_refuses_and_the_other_does_not(
    customer: Customer, phones: Phones, status: int
) -> None:
    phones.provider("north").behave(refuse=status)
    assert customer.text(MIRIAM).status_code == status
    assert customer.call(MIRIAM).status_code == status
    assert customer.text(MIRIAM, account="south").status_code == 201
    customer.wait("Message", "delivered")
    assert len(phones.texts(MIRIAM)) == 1


def test_an_order_is_taken_and_the_line_closed(customer: Customer, phones: Phones) -> None:
    phones.provider("north").behave(drop=True)
    with pytest.raises(requests.ConnectionError):
        customer.text(MIRIAM)
    phones.wait(lambda: len(phones.texts(MIRIAM)) == 1)


def test_a_silent_provider_does_its_work_and_tells_the_truth_when_asked(
    customer: Customer, phones: Phones
) -> None:
    phones.provider("north").behave(silent=True)
    sid = customer.text(MIRIAM).json()["sid"]
    phones.wait(lambda: phones.world.texts[sid].status == "delivered")
    assert customer.ask("GET", f"Messages/{sid}").json()["status"] == "delivered"
    assert customer.got == []


def test_a_stuck_provider_does_nothing(customer: Customer, phones: Phones) -> None:
    phones.provider("north").behave(stuck=True)
    sids = [customer.text(MIRIAM).json()["sid"], customer.call(MIRIAM).json()["sid"]]
    # What was ordered after it at the other has long arrived.
    customer.text(MIRIAM, account="south")
    customer.wait("Message", "delivered")
    assert customer.ask("GET", f"Messages/{sids[0]}").json()["status"] == "queued"
    assert customer.ask("GET", f"Calls/{sids[1]}").json()["status"] == "queued"
    assert phones.calls(MIRIAM) == []
    ended = customer.ask("POST", f"Calls/{sids[1]}", Status="completed").json()
    assert ended["status"] == "canceled"


def test_callbacks_come_more_than_once(customer: Customer, phones: Phones) -> None:
    phones.provider("north").behave(copies=3)
    customer.text(MIRIAM)
    phones.wait(lambda: len(phones.callbacks("/status")) == 6)
    assert customer.told("Message") == ["sent"] * 3 + ["delivered"] * 3


def test_callbacks_come_last_first(customer: Customer, phones: Phones) -> None:
    phones.provider("north").behave(reorder=True)
    phones.behave(MIRIAM, calls="busy")
    customer.text(MIRIAM)
    customer.call(MIRIAM)
    phones.wait(lambda: len(phones.callbacks("/status")) == 4)
    assert customer.told("Message") == ["delivered", "sent"]
    assert customer.told("Call") == ["busy", "initiated"]


def test_a_liar_says_delivered_and_answered(customer: Customer, phones: Phones) -> None:
    phones.provider("north").behave(lie=True)
    phones.behave(MIRIAM, texts="lost", calls="no_answer")
    customer.text(MIRIAM)
    customer.wait("Message", "delivered")
    customer.call(MIRIAM, MachineDetection="Enable")
    customer.wait("Call", "completed")
    assert customer.got[-1].form["AnsweredBy"] == "human"
    assert (phones.texts(MIRIAM), phones.calls(MIRIAM)) == ([], [])


def test_a_forger_has_another_key_and_a_stranger_another_order(
    customer: Customer, phones: Phones
) -> None:
    account = phones.provider("north").account
    phones.provider("north").behave(forge=True)
    customer.text(MIRIAM)
    customer.wait("Message", "delivered")
    for got in customer.got:
        assert got.signature != sign(account.token, customer.url + got.path, got.form)

    phones.provider("south").behave(stranger=True)
    sid = customer.text(MIRIAM, account="south").json()["sid"]
    phones.wait(lambda: len(phones.callbacks("/status")) == 6)
    sids = [got.form["MessageSid"] for got in customer.got[2:]]
    assert sids.count(sid) == 2
    assert len(set(sids)) == 3


def test_a_share_of_the_orders_is_what_it_happens_to(customer: Customer, phones: Phones) -> None:
    phones.provider("north").behave(refuse=503, share=0.5)
    answers = {customer.text(MIRIAM).status_code for _ in range(30)}
    assert answers == {201, 503}


@pytest.mark.parametrize(
    "wanted", [{"rude": True}, {"silent": 1}, {"refuse": "no"}, {"late": None}]
)
def test_no_such_behaviour(wanted: dict[str, object]) -> None:
    with pytest.raises(WrongBehaviour):
        changed(AccountBehaviour(), wanted)
