"""Who calls or texts the line is answered and comes back; a counselor works calls by plain forms.

Also who can't just talk: without a voice, by relay, cut off, in Arabic with a picture. The phones
are the demo's own (`upstander/carriers/simulator`), pressed and typed into by hand.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Locator, Page, expect

from tests.journeys.conftest import Windows, sideways
from tests.journeys.hands import Hands, new_tip, tips_by
from tests.servers import System
from tests.waiting import until
from upstander.cleaning.tests.samples import jpeg
from upstander.command.demo_phones import INTERPRETERS, LINES, STUDENTS
from upstander.ui.tests.barriers import cut

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

DESK = {"width": 1280, "height": 900}
CALLER, TEXTER = STUDENTS
EAR = LINES["nadia@lakeside.example"].number
OPERATOR = "This is a relay operator with a caller who reads. Go ahead."
ARABIC = "أنا خائف على صديقي."
SAYS, ANSWERS = "I am worried about a friend of mine.", "I am glad that you called."
LATER, TEXTED, REPLY = "She is at home now.", "Can I ask you something?", "Yes. We are here."


@pytest.fixture(scope="module")
def system(system_alone: System) -> System:
    """Who is at the desk decides whose phone rings."""
    return system_alone


def phone(phones: Page, number: str) -> Locator:
    """Return somebody's phone on the page."""
    return phones.locator(f"#phone-{number[1:]}")


def say(one: Locator, words: str) -> None:
    """Say something in a call, as the page lets one do it."""
    one.get_by_label("In the demo the voice is typed").fill(words)
    one.get_by_role("button", name="Say", exact=True).click()


def hears(one: Locator, words: str | re.Pattern[str]) -> None:
    """Wait until a phone has heard something, from a machine or somebody."""
    expect(
        one.locator(".call .lines .voice, .call .lines .other").filter(has_text=words)
    ).not_to_have_count(0)


def test_a_newcomer_calls_is_answered_and_comes_back(
    system: System, window: Windows, desk: Callable[..., Page]
) -> None:
    nadia = desk("nadia@lakeside.example", "/queue", viewport=DESK)
    phones = window(at=system.phones, viewport=DESK)
    phones.goto("/")
    caller, texter = (phone(phones, number) for number in STUDENTS)
    ear = phone(phones, LINES["nadia@lakeside.example"].number)

    spoken, written = tips_by(system, "voice"), tips_by(system, "sms")
    # Picked up at once, with the truth about what is kept; her phone rings, and no other's.
    caller.get_by_role("button", name="Call the line").click()
    hears(caller, "Nothing is recorded")
    tip = new_tip(system, "voice", spoken)
    ear.get_by_role("button", name="Answer").click()
    hears(ear, "Press 1")
    assert not Axe().run(phones).response["violations"]
    assert phones.locator(".phone.ringing").count() == 1
    ear.locator(".pad").get_by_role("button", name="1", exact=True).click()
    for one in (caller, ear):
        expect(one.locator(".state")).to_have_text("you can talk")

    # Both hear each other; who took the call has the tip.
    say(caller, SAYS)
    hears(ear, SAYS)
    say(ear, ANSWERS)
    hears(caller, ANSWERS)
    assert not Axe().run(phones).response["violations"]
    phones.set_viewport_size({"width": 360, "height": 640})
    assert sideways(phones) <= 0
    phones.set_viewport_size({"width": 1280, "height": 900})
    nadia.goto(f"/tips/{tip}")
    expect(nadia.locator(".tip-head")).to_contain_text("You have it")

    # She hangs up; only then is a code read, which she never hears.
    ear.get_by_role("button", name="Hang up").click()
    code_read = re.compile(r"(?:\d[ .]+){16}")
    hears(caller, code_read)
    read = caller.locator(".call .lines .voice").filter(has_text=code_read).last.inner_text()
    digits = "".join(re.findall(r"\d", read))[:16]
    caller.get_by_role("button", name="Hang up").click()
    expect(caller.locator(".call")).to_be_hidden()
    assert not code_read.search(ear.inner_text())

    # The code opens the same conversation on the website, without a script.
    page = window(java_script_enabled=False)
    page.goto("/back")
    page.locator("#code").fill(" ".join(digits[at : at + 4] for at in range(0, 16, 4)))
    page.locator("form .button-primary").first.click()
    page.wait_for_url("**/talk")
    page.locator("#message-text").fill(LATER)
    page.locator("#talk-form .button-primary").first.click()
    nadia.goto(f"/tips/{tip}")
    expect(nadia.locator("main")).to_contain_text(LATER)

    # Another phone writes to the same line, and reads the answer there.
    texter.get_by_label("Text back").fill(TEXTED)
    texter.get_by_role("button", name="Send", exact=True).click()
    texted = new_tip(system, "sms", written)
    nadia.goto(f"/tips/{texted}")
    expect(nadia.locator("main")).to_contain_text(TEXTED)
    nadia.get_by_role("button", name="Claim").first.click()
    expect(nadia.locator(".tip-head")).to_contain_text("You have it")
    nadia.locator("#reply textarea, textarea[name=text]").first.fill(REPLY)
    nadia.get_by_role("button", name="Send to the reporter").click()
    expect(texter.locator(".text:not(.mine)").filter(has_text=REPLY)).to_be_visible()


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
    known, call = tips_by(system, "voice"), hands.dial(CALLER)
    card = nadia.locator("#calls li")
    expect(card).to_contain_text("A caller is waiting")
    nadia.goto(f"/tips/{new_tip(system, 'voice', known)}")
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
    known = tips_by(system, "voice")
    hands.dial(CALLER)
    first = new_tip(system, "voice", known)
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
    second = new_tip(system, "voice", [*known, first])
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
    known = tips_by(system, "sms")
    hands.ask(f"phones/{quote(CALLER)}/texts", body=ARABIC, media=[picture])
    tip = new_tip(system, "sms", known)
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
        [mine] = [one for one in phones if one["number"] == CALLER]
        return "نحن هنا معك." in json.dumps(mine, ensure_ascii=False)

    assert until(answered)


def act(page: Page, name: str, then: str) -> None:
    """Press a button of a call's card and load its page anew until the card says what follows."""
    page.locator(".call").get_by_role("button", name=name).click()
    shows(page, then)


def shows(page: Page, words: str) -> None:
    """Wait until a call's card says something: without a script, whoever looks loads the page."""

    def said() -> bool:
        try:
            page.reload()
        except Error:
            # What was pressed is loading still.
            return False
        card = page.locator(".call").first
        return bool(card.count()) and words in " ".join(card.inner_text().split())

    assert until(said, pause=0.3), words
    small = page.locator(".call :is(button, select):visible, .call a.button:visible").evaluate_all(
        "all => all.filter(e => e.getBoundingClientRect().height < 44).map(e => e.innerText)"
    )
    assert small == [], "big enough for a thumb"
    assert cut(page, ".call") == []
    assert sideways(page) <= 0


def takes(one: Locator) -> None:
    """Pick a ringing phone up and press 1, as who takes a call does."""
    one.get_by_role("button", name="Answer").click()
    one.locator(".pad").get_by_role("button", name="1", exact=True).click()


def test_a_call_is_worked_with_plain_forms_on_a_phone(
    system: System, window: Windows, desk: Callable[..., Page]
) -> None:
    small = {"java_script_enabled": False, "viewport": {"width": 360, "height": 740}}
    ben = desk("ben@lakeside.example", "/queue", **small)
    phones = window(at=system.phones, viewport=DESK)
    phones.goto("/")
    caller, other = (phone(phones, number) for number in STUDENTS)
    ben_s, nadia_s = (
        phone(phones, LINES[f"{who}@lakeside.example"].number) for who in ("ben", "nadia")
    )

    # Declined by a slip and asked for again, taken, held, and with the caller again.
    caller.get_by_role("button", name="Call the line").click()
    shows(ben, "A caller is waiting")
    ben_s.get_by_role("button", name="Decline").click()
    shows(ben, "Ring my phone")
    act(ben, "Ring my phone", "Your phone is ringing: pick up and press 1")
    ben.locator(".call").get_by_role("link", name="Open").click()
    takes(ben_s)
    shows(ben, "On the phone Ben")
    act(ben, "Hold", "On hold")
    act(ben, "Resume", "On the phone")

    # An interpreter comes in; a colleague goes on, and only then has it.
    act(ben, "Add interpreter", "calling: interpreter")
    phone(phones, INTERPRETERS).get_by_role("button", name="Answer").click()
    shows(ben, "with interpreter")
    ben.get_by_label("Who goes on with the call").select_option(label="Nadia Okafor")
    act(ben, "Transfer the call", "asked to take over: Nadia Okafor")
    takes(nadia_s)
    shows(ben, "On the phone Nadia Okafor")
    assert ben.locator(".call button:visible").count() == 0, "it is hers now"
    nadia = desk("nadia@lakeside.example", ben.url.removeprefix(system.desk), **small)
    act(nadia, "Leave the call", "Hearing the code")
    caller.get_by_role("button", name="Hang up").click()
    shows(nadia, "The caller has hung up")

    # Another would rather be called back, and is.
    other.get_by_role("button", name="Call the line").click()
    ben.goto("/queue")
    shows(ben, "A caller is waiting")
    ben.locator(".call").get_by_role("link", name="Open").click()
    key = other.locator(".pad").get_by_role("button", name="5", exact=True)

    def wished() -> bool:
        key.click()
        return bool(other.locator(".call .lines .voice").filter(has_text="call you back").count())

    assert until(wished, pause=2)
    other.get_by_role("button", name="Hang up").click()
    shows(ben, "The caller has hung up")
    act(ben, "Call them back", "Calling them back")
    takes(ben_s)
    takes(other)
    expect(other.locator(".state")).to_have_text("you can talk")
    shows(ben, "On the phone Ben")
