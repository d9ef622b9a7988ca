"""Coming back with the seven words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from upstander.doors.tests.site import WORDS, Site, code_in, text_of
from upstander.tips import coming_back
from upstander.tips.speed import Away
from upstander.tips.speed import call as gateway_call
from upstander.vault import codes
from upstander.vault.codes import CodeKeys, ReturnCode
from upstander.vault.wordlists import LANGUAGES, unknown_words, word_list

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
    real_keys, real_call = codes.keys_of, gateway_call

    def keys_of(code: ReturnCode, *, pepper: bytes) -> CodeKeys:
        work.append("keys")
        return real_keys(code, pepper=pepper)

    def call(sql: str, params: list[Any]) -> tuple[Any, ...] | None:
        work.append("call")
        return real_call(sql, params)

    monkeypatch.setattr(codes, "keys_of", keys_of)
    monkeypatch.setattr(coming_back, "call", call)
    costs = []
    for typed in WRONG:
        work.clear()
        site.post("/back", {"code": typed})
        costs.append(list(work))
    assert all(cost == ["keys", "call"] for cost in costs)


@pytest.mark.parametrize(
    ("prefix", "typed", "named"),
    [
        ("", "wlnter orbit velvet maple garden rocket glue", [("wlnter", "winter")]),
        ("", "orbit velvet wniter zzzz", [("wniter", "winter"), ("zzzz", "")]),
        ("", "wint orbi velv", []),
        ("/es", "abaco abdomen abeja abierto abogado abono wabrir", [("wabrir", "abrir")]),
    ],
)
def test_a_word_of_no_list_is_named(
    site: Site, prefix: str, typed: str, named: list[tuple[str, str]]
) -> None:
    page = text_of(site.post(f"{prefix}/back", {"code": typed}))
    for word, like in named:
        assert f"“{word}”" in page
        assert not like or f"“{like}”" in page
    assert page.count("<br>") == len(named), "and no other"


def test_a_hint_tells_nothing_beyond_the_public_list(site: Site) -> None:
    code = code_in(site.send()).split()
    site.client.cookies.clear()
    other = next(word for word in word_list("en").words if word not in code)

    def said(*words: str) -> str:
        page = text_of(site.post("/back", {"code": " ".join(words)}))
        return re.sub(r"<!-- \.+ -->", "", page).replace(" ".join(words), "")

    # Six right words of a real code, or none: what is said is the same to the letter.
    almost = said(*code[:6], other)
    assert almost == said(*word_list("en").words[100:107])
    assert almost == said(*code[1:], code[0])
    assert "in our list" not in almost
    # With a word of no list it is named, and again nothing of the others is told.
    assert said(*code[:6], "zzzz") == said(*word_list("en").words[100:106], "zzzz")


def test_a_hint_never_says_a_word_that_no_code_has() -> None:
    for language in LANGUAGES:
        known = word_list(language)
        for word in known.words[::40]:
            for at in range(min(len(word), 4)):
                for unknown in unknown_words(f"{word[:at]}x{word[at + 1 :]}", most=7):
                    assert {*unknown.like} <= {*known.words, *word_list("en").words}


def test_a_slip_that_may_be_several_words_names_up_to_three(site: Site) -> None:
    page = text_of(site.post("/back", {"code": "uper"}))
    assert "Did you mean one of these: “super”, “upper”" in page
    for language in LANGUAGES:
        assert all(
            len(one.like) <= 3
            for word in word_list(language).words[::40]
            for one in unknown_words(f"x{word}", most=7)
        )


def test_a_flood_of_letters_costs_no_more_than_seven_words(site: Site) -> None:
    page = text_of(site.post("/back", {"code": " ".join(f"zz{n:c}q" for n in range(97, 123))}))
    assert page.count("is not in our list") == 7
    page = text_of(site.post("/back", {"code": "q" * 400}))
    assert f"“{'q' * 20}”" in page


def test_what_another_site_wrote_into_the_answers_is_dropped(site: Site) -> None:
    forged = {"code": "", "text": "x", "place": "14 Wrong Street"}
    page = text_of(site.post("/back", forged, **{"sec-fetch-site": "cross-site"}))
    assert "14 Wrong Street" not in page


def test_while_the_database_is_away_the_words_are_not_called_wrong(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_in(site.send())

    def away(*_: object) -> None:
        raise Away

    monkeypatch.setattr(coming_back, "call", away)
    response = site.post("/back", {"code": code, "text": "Keep me."})
    assert response.status_code == 503
    assert "Your words may be right." in text_of(response)
    assert "Keep me." in text_of(response)
