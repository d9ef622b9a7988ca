"""Words about 911 wait for no question: it waits, and whom they may mean doesn't read them."""

from __future__ import annotations

from html import unescape
from typing import Any
from uuid import UUID

import pytest

from conftest import Cast
from upstander.desk.tests.test_words_anywhere import answer, of_center
from upstander.matters.models import Exclusion
from upstander.tips.models import Note

pytestmark = pytest.mark.django_db

WORDS = "Calloway hurt him, he says"
SHEET = {"what": WORDS, "street": "12 Orchard Lane"}
CALL = {"line": "psap", "police": "no", "said": WORDS, "dispatcher": "Nobody"}
ANSWERS = {"who": "someone", "when": "now"}
TIP: dict[str, Any] = {"tile": "attack", "answers": ANSWERS, "text": "Help"}


def send(cast: Cast, tip: UUID, act: str, name: str = "alice", **sent: Any) -> None:
    """Press on the pages about 911: it goes at once, whatever the words are."""
    assert cast.client(name).post(f"/tips/{tip}/911/{act}", sent).status_code == 302


def pages(cast: Cast, tip: UUID, name: str) -> str:
    client = cast.client(name)
    found = [client.get(f"/tips/{tip}").content, client.get(f"/tips/{tip}/911").content]
    return unescape("".join(one.decode() for one in found))


def decide(cast: Cast, tip: UUID) -> None:
    cast.client("alice").get(f"/tips/{tip}")
    send(cast, tip, "decision", decision="not_now", words=WORDS)


def say(cast: Cast, tip: UUID, how: str) -> None:
    if how == "sheet":
        send(cast, tip, "sheet", **SHEET)
    elif how == "call":
        send(cast, tip, "call", **CALL)
    elif how == "ask":
        send(cast, tip, "ask", why=WORDS)
    elif how == "arrived":
        send(cast, tip, "arrived", arrived="yes", words=WORDS)
    elif how == "brief":
        team = cast.teams["maple_police"].pk
        send(cast, tip, "police", team=team, words=WORDS, danger_now="yes")
    else:
        decide(cast, tip)


HOW = ["sheet", "call", "decide", "arrived", "ask", "brief"]


@pytest.mark.parametrize("how", HOW)
def test_it_goes_at_once_and_whom_it_may_mean_reads_none_of_it_until_somebody_has_said(
    cast: Cast, how: str
) -> None:
    tip = of_center(cast, **TIP)
    say(cast, tip, how)
    assert WORDS in pages(cast, tip, "sam")
    assert "Beatrix Calloway (" in pages(cast, tip, "sam")
    assert WORDS not in pages(cast, tip, "bea")
    assert "What was written about 911 may be about" not in pages(cast, tip, "bea")
    # Who is met can't say of themselves that it isn't about them.
    cast.client("bea").post(f"/tips/{tip}/911/meant", answer(cast, "not", "bea"))
    assert WORDS not in pages(cast, tip, "bea")
    asked = cast.client("sam").post(f"/tips/{tip}/911/meant")
    assert asked.status_code == 422
    assert "because of “Calloway”" in asked.content.decode()
    send(cast, tip, "meant", "sam", **answer(cast, "not", "bea"))
    assert WORDS in pages(cast, tip, "bea")
    assert "What was written about 911 may be about" not in pages(cast, tip, "sam")


@pytest.mark.parametrize("how", HOW)
def test_whom_it_is_about_is_kept_out(cast: Cast, how: str) -> None:
    tip = of_center(cast, **TIP)
    say(cast, tip, how)
    send(cast, tip, "meant", "sam", **answer(cast, "out", "bea"))
    assert Exclusion.objects.count() == 1
    assert cast.client("bea").get(f"/tips/{tip}").status_code == 404
    assert "What was written about 911 may be about" not in pages(cast, tip, "sam")


def test_an_answer_counts_for_what_was_written_by_then(cast: Cast) -> None:
    tip = of_center(cast, **TIP)
    send(cast, tip, "sheet", **SHEET)
    send(cast, tip, "meant", "sam", **answer(cast, "not", "bea"))
    Note.objects.update(at="2020-01-01T00:00:00Z")
    assert WORDS not in pages(cast, tip, "bea")
    assert "What was written about 911 may be about" in pages(cast, tip, "sam")


def test_a_sheet_that_is_kept_by_whom_it_may_mean_loses_no_line(cast: Cast) -> None:
    tip = of_center(cast, **TIP)
    send(cast, tip, "sheet", **SHEET)
    assert "12 Orchard Lane" in pages(cast, tip, "bea"), "other lines stay: they may have to call"
    send(cast, tip, "sheet", "bea", street="300 Mill Road", what="")
    assert WORDS not in pages(cast, tip, "bea")
    page = pages(cast, tip, "sam")
    assert WORDS in page
    assert "300 Mill Road" in page


def test_ones_own_words_stay_ones_own(cast: Cast) -> None:
    tip = of_center(cast, **TIP)
    said = "Beatrix Calloway of the center phones"
    send(cast, tip, "sheet", "bea", what=said)
    assert said in pages(cast, tip, "bea")
    send(cast, tip, "sheet", "alice", what=said, street="300 Mill Road")
    assert said in pages(cast, tip, "bea")
    assert "What was written about 911 may be about" not in pages(cast, tip, "sam")
