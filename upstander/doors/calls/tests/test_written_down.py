"""Of a call only what a counselor writes is left: they are asked for it, and nobody waits."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from upstander.doors.calls.tests.lines import CallDoor
from upstander.doors.calls.tests.test_card import browser, page, press, taken
from upstander.doors.texts.tests.lines import at_desk
from upstander.tips.call_words import as_shown

pytestmark = pytest.mark.django_db

DURING, AFTER = "write down what they say.", "Of the call nothing is written here yet"


def tip_page(door: CallDoor, name: str = "alice") -> str:
    """Return the page of the call's tip as somebody sees it."""
    return page(door, f"/tips/{door.tip().pk}", name)


def test_call_words_in_one_language(door: CallDoor) -> None:
    door.ring()
    html = tip_page(door)
    assert "(A phone call)" in html
    assert "Una llamada" not in html
    with override("es"):
        assert as_shown(door.contents().turns[0].text) == "(Una llamada)"


def test_call_taken_asks_for_what_is_said(door: CallDoor) -> None:
    sid = taken(door)
    assert DURING in tip_page(door)
    assert DURING not in tip_page(door, "bea")
    assert "Write down what they say" in page(door, "/queue")
    door.hang_up(sid)
    door.work()
    assert AFTER in tip_page(door)
    with at_desk():
        browser(door, "alice").post(f"/tips/{door.tip().pk}/note", {"text": "She is at home."})
    assert AFTER not in tip_page(door)


def test_call_nobody_took_asks_for_nothing(door: CallDoor) -> None:
    sid, _heard = door.ring()
    door.hang_up(sid)
    door.work()
    html = tip_page(door)
    assert DURING not in html
    assert AFTER not in html


def test_call_on_the_line_waits_for_nobody(door: CallDoor) -> None:
    sid = taken(door)
    assert "1 unanswered" not in page(door, "/queue")
    assert door.tip().waiting_since is None
    press(door, "end")
    door.work()
    after = door.on(sid)
    door.press(sid, after, "1")
    assert door.tip().waiting_since is not None, "they wait for another"
