"""Coming back with the seven words."""

from __future__ import annotations

from typing import Any

import pytest

from upstander.tips import reporter
from upstander.tips.reporter import NotKept
from upstander.tips.tests.site import WORDS, Site, code_in, text_of
from upstander.vault import codes
from upstander.vault.codes import CodeKeys, ReturnCode

pytestmark = pytest.mark.usefixtures("either_intake")


def test_the_words_open_the_conversation_however_they_are_typed(site: Site) -> None:
    code = code_in(site.send("/es/report"))
    site.client.cookies.clear()
    short = "-".join(word[:4].upper() for word in code.split())
    for typed in (code, f"  {code.upper()} ", short):
        site.client.cookies.clear()
        response = site.post("/back", {"code": typed})
        assert (response.status_code, response["Location"]) == (303, "/talk")
        assert WORDS in text_of(site.get("/talk/live"))
        assert "Your conversation" in text_of(site.get("/talk"))


WRONG = [
    "candle orbit velvet maple garden rocket winter",
    "one two three",
    "",
    "x" * 10_000,
    "\x00\u202e",
    "ábaco ábaco ábaco ábaco ábaco ábaco ábaco",
]


@pytest.mark.parametrize("typed", WRONG)
def test_every_wrong_code_gets_the_same_answer(site: Site, typed: str) -> None:
    site.send()
    site.client.cookies.clear()
    response = site.post("/back", {"code": typed})
    assert response.status_code == 422
    # How many words one has typed one can count; beside that all are answered alike.
    seven = len(typed.split()) == 7
    said = "These words open nothing here." if seven else "It takes all seven."
    assert said in text_of(response)
    assert not response.cookies


def test_every_code_costs_the_same_work(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    work: list[str] = []
    real_keys, real_call = codes.keys_of, reporter._call

    def keys_of(code: ReturnCode, *, pepper: bytes) -> CodeKeys:
        work.append("keys")
        return real_keys(code, pepper=pepper)

    def call(sql: str, params: list[Any]) -> tuple[Any, ...] | None:
        work.append("call")
        return real_call(sql, params)

    monkeypatch.setattr(codes, "keys_of", keys_of)
    monkeypatch.setattr(reporter, "_call", call)
    costs = []
    for typed in WRONG:
        work.clear()
        site.post("/back", {"code": typed})
        costs.append(list(work))
    assert all(cost == ["keys", "call"] for cost in costs)


def test_while_the_database_is_away_the_words_are_not_called_wrong(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_in(site.send())

    def away(*_: object) -> None:
        raise NotKept

    monkeypatch.setattr(reporter, "_call", away)
    response = site.post("/back", {"code": code, "text": "Keep me."})
    assert response.status_code == 503
    assert "Your words may be right." in text_of(response)
    assert "Keep me." in text_of(response)
