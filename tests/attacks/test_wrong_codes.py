"""A wrong return code learns nothing: the same answer after the same work, whatever is wrong.

Work is counted, not timed: runs of Argon2id and statements sent to the database.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from nacl.bindings import crypto_pwhash_alg

from conftest import Cast
from tests.phone import Phone
from tests.servers import System
from upstander.doors.web.words import clean
from upstander.tips import reporter
from upstander.tips.speed import Value, call
from upstander.vault.wordlists import CODE_WORDS, unknown_words


@pytest.fixture
def filed(cast: Cast) -> reporter.Filed:
    """A tip whose code is the right one."""
    return reporter.file_tip(
        reporter.NewTip(
            token="t" * 24, text="A tip.", language="en", school_id=cast.cedar.pk, tile="other"
        )
    )


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gets an entry at each run of Argon2id and at each statement that goes to the database."""
    done: list[str] = []

    def hashing(*how: Any) -> bytes:
        done.append("Argon2id")
        return crypto_pwhash_alg(*how)

    def asking(statement: str, values: Sequence[Value]) -> Any:
        done.append(statement)
        return call(statement, values)

    monkeypatch.setattr("upstander.vault.codes.crypto_pwhash_alg", hashing)
    monkeypatch.setattr("upstander.tips.coming_back.call", asking)
    return done


def wrong_codes(right: str) -> dict[str, str]:
    """Codes that open nothing, each wrong in its own way."""
    words = right.split()
    swapped = [words[1], words[0], *words[2:]]
    return {
        "one word wrong": " ".join([*words[:6], "zebra" if words[6] != "zebra" else "zoo"]),
        "two words swapped": " ".join(swapped),
        "six words": " ".join(words[:6]),
        "eight words": " ".join([*words, words[0]]),
        "no words": "",
        "a word of no list": " ".join([*words[:6], "xylophonist"]),
        "another language": "ábaco abdomen abeja abierto abogado abono aborto",
        "letters": "'; SELECT 1 --",
        "far too long": "zebra " * 80,
        "odd": "\u202e\u0661 \ufffd",
    }


@pytest.mark.usefixtures("either_intake")
def test_every_wrong_code_costs_the_same_work(filed: reporter.Filed, work: list[str]) -> None:
    costs = {}
    for name, typed in wrong_codes(str(filed.code)).items():
        work.clear()
        assert reporter.open_with_code(typed) is None, name
        costs[name] = tuple(work)
    assert len(set(costs.values())) == 1, costs
    assert [step.partition("(")[0] for step in costs["no words"]] == [
        "Argon2id",
        "SELECT * FROM api.talk_by_code",
    ]
    work.clear()
    assert reporter.open_with_code(str(filed.code)) is not None
    assert work[:2] == list(costs["no words"]), "the right one costs more only once it is found"
    assert work.count("Argon2id") == 1


@pytest.mark.servers
@pytest.mark.slow
def test_every_wrong_code_gets_the_same_answer(system: System) -> None:
    right = Phone(system.public_port).send_tip("A tip to come back to.").code
    assert right is not None
    # How many words one has typed one can count oneself: that is told, and nothing else but
    # which of them stands in no list.
    seen: dict[tuple[int, tuple[str, ...]], set[object]] = {}
    for typed in wrong_codes(right).values():
        phone = Phone(system.public_port)
        answer = phone.post("/back", {"code": typed})
        assert "talk" not in phone.cookies
        # Beside what was typed, and what fills the page up to a step of its length.
        words = answer.text.replace(answer.field("code"), "")
        plain = re.sub(r'(?s)<textarea id="code".*?</textarea>|<!-- \.* -->', "", words)
        headers = {name: value for name, value in answer.headers.items() if name != "date"}
        headers.pop("content-length")
        count = len(clean(typed).replace("-", " ").split())
        # So does the list of words: who has it can say without us which word is not in it.
        told = (count, tuple(one.typed for one in unknown_words(typed, most=CODE_WORDS)))
        seen.setdefault(told, set()).add((answer.status, plain, tuple(sorted(headers.items()))))
        assert answer.status == 422
    assert len(seen) > 2
    assert {count: len(answers) for count, answers in seen.items()} == dict.fromkeys(seen, 1)
