"""Four who can't just talk: without a voice, by relay, cut off, in Arabic with a picture.

The students' phones are pressed as a machine presses them; the counselor is at the desk's pages.
"""

from __future__ import annotations

import json
import re
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import sideways
from tests.journeys.test_line_call import DESK, newest, system
from tests.servers import System
from tests.waiting import PATIENCE, until
from upstander.cleaning.tests.samples import jpeg
from upstander.command.demo_phones import LINES, STUDENTS, TEXT_LINES
from upstander.config.database import Role

__all__ = ["system"]

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

CALLER, TEXTER = STUDENTS
EAR = LINES["nadia@lakeside.example"].number
OPERATOR = "This is a relay operator with a caller who reads. Go ahead."
ARABIC = "أنا خائف على صديقي."


def voices(system: System) -> list[str]:
    """Return the tips that came by phone, the newest last."""
    with system.sign_in(Role.OWNER) as owner:
        found = owner.execute(
            "SELECT id FROM tips_tip WHERE channel = 'voice' ORDER BY received_at"
        )
        return [str(tip) for (tip,) in found.fetchall()]


def new_voice(system: System, known: list[str]) -> str:
    """Return the tip that came by phone beside those that are known, once there is one."""
    assert until(lambda: len(voices(system)) > len(known))
    [tip] = [one for one in voices(system) if one not in known]
    return tip


class Hands:
    """All that hands do with the demo's phones."""

    def __init__(self, system: System) -> None:
        self._at = system.phones

    def ask(self, path: str, **wanted: Any) -> Any:
        """Ask the phones something; return what they answer."""
        sent = json.dumps(wanted).encode() if wanted or path != "state" else None
        asked = urllib.request.Request(  # noqa: S310 - this machine's own phones
            f"{self._at}/control/{path}", data=sent, headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310
            return json.load(answer)

    def calls(self, number: str) -> list[dict[str, Any]]:
        """Return the calls that a phone has now."""
        phones = self.ask("state")["phones"]
        return next(one["calls"] for one in phones if one["number"] == number)

    def dial(self, number: str) -> str:
        """Let a phone call the line; return the call's id."""
        return str(self.ask(f"phones/{quote(number)}/calls")["sid"])

    def heard(self, number: str) -> str:
        """Return all that a phone has heard in its call."""
        return " ".join(line["words"] for call in self.calls(number) for line in call["lines"])

    def hears(self, number: str, words: str) -> None:
        """Wait until a phone has heard something."""
        assert until(lambda: re.search(words, self.heard(number)) is not None), (
            words,
            self.heard(number),
        )

    def press(self, call: str, keys: str) -> None:
        """Press keys, in pieces as long as the phones take."""
        for at in range(0, len(keys), 17):
            self.ask(f"calls/{call}", do="press", keys=keys[at : at + 17])

    def pick_up(self, number: str) -> str:
        """Answer a counselor's phone that rings for the line, and press 1; return its call."""

        taken = ""

        def answered() -> bool:
            nonlocal taken
            for one in self.calls(number):
                if one["from"] not in TEXT_LINES:
                    continue
                if one["status"] == "ringing":
                    with suppress(HTTPError):  # its caller has just hung up
                        self.ask(f"calls/{one['sid']}", do="answer")
                elif any("Press 1" in line["words"] for line in one["lines"]):
                    taken = str(one["sid"])
            return bool(taken)

        assert until(answered)
        self.press(taken, "1")
        return taken

    def over(self, number: str) -> None:
        """Hang up whatever a phone has."""
        for call in self.calls(number):
            self.ask(f"calls/{call['sid']}", do="hang_up")


@pytest.fixture
def hands(system: System) -> Iterator[Hands]:
    """Hands for the phones; all are on the hook afterwards."""
    made = Hands(system)
    yield made
    for number in (CALLER, TEXTER, EAR):
        made.over(number)


def test_a_child_who_can_not_speak_answers_by_keys_and_it_stands_on_the_desk(
    system: System, hands: Hands, desk: Callable[..., Page]
) -> None:
    nadia = desk("nadia@lakeside.example", "/queue", viewport=DESK)
    known, call = voices(system), hands.dial(CALLER)
    card = nadia.locator("#calls li")
    expect(card).to_contain_text("A caller is waiting")
    nadia.goto(f"/tips/{new_voice(system, known)}")
    hands.press(call, "1")
    hands.hears(CALLER, "1 is yes, 2 is no")
    hands.press(call, "1")
    # In danger now: said within two seconds on the page that stands open, as the form would.
    expect(nadia.locator(".tip-head")).to_contain_text("happening now")
    expect(nadia.locator(".by-phone")).to_contain_text("A caller is waiting")
    expect(nadia.locator("main")).to_contain_text("answers by keys")
    nadia.set_viewport_size({"width": 360, "height": 640})
    assert sideways(nadia) <= 0
    hands.over(CALLER)
    expect(nadia.locator(".by-phone")).to_contain_text("has hung up")


def test_a_deaf_child_s_relay_operator_is_never_hung_up_on(
    system: System, hands: Hands, desk: Callable[..., Page]
) -> None:
    nadia = desk("nadia@lakeside.example", "/queue", viewport=DESK)
    call = hands.dial(CALLER)
    # An operator introduces themselves, and presses nothing.
    hands.hears(CALLER, "Please stay on the line")
    assert [one["status"] for one in hands.calls(CALLER)] == ["in-progress"]
    hands.pick_up(EAR)
    hands.hears(CALLER, "A counselor is here now")

    # Said again until the two are in one room, as an operator does.
    def said() -> bool:
        hands.ask(f"calls/{call}", do="say", words=OPERATOR)
        return OPERATOR in hands.heard(EAR)

    assert until(said, pause=1)
    expect(nadia.locator("#calls li")).to_contain_text("On the phone")
    expect(nadia.locator("#calls li")).to_contain_text("Nadia Okafor")
    assert [one["status"] for one in hands.calls(CALLER)] == ["in-progress"]
    hands.over(CALLER)
    hands.hears(EAR, "hung up")


def test_a_call_that_drops_comes_back_by_its_code_into_one_thread(
    system: System, hands: Hands, desk: Callable[..., Page]
) -> None:
    nadia = desk("nadia@lakeside.example", "/queue", viewport=DESK)
    known = voices(system)
    hands.dial(CALLER)
    first = new_voice(system, known)
    ear = hands.pick_up(EAR)
    hands.hears(CALLER, "A counselor is here now")
    hands.ask(f"calls/{ear}", do="hang_up")
    code = re.compile(r"(?:\d[ .]+){15}\d")
    hands.hears(CALLER, code.pattern)
    read = code.search(hands.heard(CALLER))
    assert read
    digits = "".join(re.findall(r"\d", read[0]))[:16]
    # The phone goes dead; from another one they call again.
    hands.over(CALLER)
    call = hands.dial(TEXTER)
    hands.hears(TEXTER, "Nothing is recorded")
    second = new_voice(system, [*known, first])
    hands.press(call, "3")
    hands.hears(TEXTER, "16 digits of your code")
    hands.press(call, f"{digits}#")
    hands.hears(TEXTER, "goes on in your earlier report")
    hands.pick_up(EAR)
    hands.hears(TEXTER, "A counselor is here now")
    nadia.goto(f"/tips/{first}")
    expect(nadia.locator("main")).to_contain_text("Called by phone, and opened this with the code.")
    expect(nadia.locator(".by-phone")).to_contain_text("On the phone")
    nadia.goto(f"/tips/{second}")
    expect(nadia.locator(".by-phone")).to_contain_text("goes on in")
    hands.over(TEXTER)


def test_a_text_in_arabic_with_a_picture_is_read_and_answered(
    system: System, hands: Hands, desk: Callable[..., Page]
) -> None:
    nadia = desk("nadia@lakeside.example", "/queue", viewport=DESK)
    picture = {"content": b64encode(jpeg()).decode(), "kind": "image/jpeg"}
    hands.ask(f"phones/{quote(TEXTER)}/texts", body=ARABIC, media=[picture])
    tip = newest(system, "sms")
    nadia.goto(f"/tips/{tip}")
    expect(nadia.locator("main")).to_contain_text(ARABIC)
    expect(nadia.locator("main")).to_contain_text("العربية")
    # The worker fetches the picture and has it cleaned; the open page shows it by itself.
    expect(nadia.get_by_role("link", name="Open picture.jpg")).to_be_visible()
    nadia.get_by_role("button", name="Claim").first.click()
    nadia.locator("#reply-text").fill("نحن هنا معك.")
    nadia.get_by_role("button", name="Send to the reporter").click()

    def answered() -> bool:
        phones = hands.ask("state")["phones"]
        [mine] = [one for one in phones if one["number"] == TEXTER]
        return "نحن هنا معك." in json.dumps(mine, ensure_ascii=False)

    assert until(answered)
