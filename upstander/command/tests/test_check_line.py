"""The check of a real line, tried on the pretended provider."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.phones import Phones, phones
from upstander.carriers.simulator.tests.customer import Customer
from upstander.carriers.simulator.things import VoiceLine
from upstander.carriers.tests.lines import entry, write_providers
from upstander.command.check_line import check_line
from upstander.command.errors import PlainError
from upstander.command.line_check import faults
from upstander.config.home import Home

__all__ = ["phones"]
LINE, SENDER = "+18605550170", "+18605550175"


@pytest.fixture
def customer(phones: Phones, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Customer]:
    """Whoever takes the line's texts."""
    made = Customer(phones, documents={"/text": "<Response><Message>Yes?</Message></Response>"})
    write_providers(tmp_path, monkeypatch, entry(phones, "north", 1))
    with (tmp_path / "providers.toml").open("a") as file:
        file.write(f'[[line]]\nnumber = "{LINE}"\nprovider = "north"\n')
    account = phones.provider("north").account
    account.lines |= {LINE: f"{made.url}/text", SENDER: ""}
    account.voice[SENDER] = VoiceLine(url="")
    yield made
    made.close()


@pytest.mark.usefixtures("customer")
def test_a_line_that_answers_is_well(phones: Phones, capsys: pytest.CaptureFixture[str]) -> None:
    phones.behave(LINE, calls="answer")
    assert faults(LINE, SENDER, patience=10, pause=0.05) == []
    check_line(Home.from_env(), line=LINE, sender=SENDER)
    assert capsys.readouterr().out == f"{LINE} answers texts and calls.\n"


def test_what_does_not_answer_is_named(phones: Phones, customer: Customer) -> None:
    customer.refuses.add("/text")
    phones.behave(LINE, calls="busy")
    assert faults(LINE, SENDER, patience=1, pause=0.05) == [
        f"A text to {LINE} was not answered within 1 seconds.",
        f"A call to {LINE} was not picked up within 1 seconds.",
    ]
    with pytest.raises(PlainError, match="no line of the providers"):
        check_line(Home.from_env(), line="+18605550199", sender=SENDER)
    phones.provider("north").behave(refuse=401)
    with pytest.raises(PlainError, match="could not be checked"):
        check_line(Home.from_env(), line=LINE, sender=SENDER)
