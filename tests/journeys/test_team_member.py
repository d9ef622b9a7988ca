"""A team member at two in the morning: a phone's screen, a thumb, and one thing at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import newest_tip
from tests.journeys import sign_in as arrive
from tests.phone import Phone
from tests.servers import System
from tests.waiting import until
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

WORDS = "He wrote that tonight is the last time. Please hurry."
BRIEF = "A boy of grade 7 may hurt himself tonight. Ask at home only if that is safe."

#: Makes the page's head say three things of which machines complain.
TROUBLES = """() => {
  const box = document.getElementById("troubles"), list = box.querySelector("ul");
  const said = "Messages by a provider may not arrive; other ways are being used.";
  list.replaceChildren(...[1, 2, 3].map(() => {
    const item = document.createElement("li");
    item.textContent = said;
    return item;
  }));
  box.hidden = false;
}"""

type SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(system: System, chromium: Browser) -> Iterator[SignIn]:
    """Give a function that signs somebody in, in a browser of their own."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def enter(email: str, *, phone: bool = False, script: bool = True) -> Page:
        size = {"width": 360, "height": 740} if phone else {"width": 1280, "height": 900}
        context = chromium.new_context(
            base_url=system.desk,
            locale="en-US",
            viewport=size,  # type: ignore[arg-type]
            has_touch=phone,
            color_scheme="dark" if phone else "light",
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda said: complaints.append(said.text) if said.type == "error" else None
        )
        return arrive(page, system, email)

    yield enter
    for context in contexts:
        context.close()
    assert complaints == []


def a_tip(system: System, desk: Page) -> tuple[Phone, str]:
    """A child writes, the center hands it to Cedar Middle; the child's phone and the tip's id."""
    child = Phone(system.public_port)
    form = child.get("/r/cedar-middle")
    kept = {name: form.field(name) for name in ("token", "district")}
    answers = {"who": "someone", "when": "now", "tile": "suicide", "school": "Cedar Middle School"}
    assert child.post("/report", {**kept, **answers, "text": WORDS}).code
    tip = newest_tip(system, "suicide")
    desk.goto(f"/tips/{tip}")
    desk.get_by_role("button", name="Claim").click()
    expect(desk.locator(".tip-head")).to_contain_text("You have it")
    desk.goto(f"/tips/{tip}/handoff")
    desk.get_by_label("Brief for them").fill(BRIEF)
    desk.get_by_role("button", name=re.compile("Hand off")).last.click()
    expect(desk.get_by_text("Handed off").first).to_be_visible()
    return child, tip


def sound(page: Page) -> None:
    """Find no barrier, nothing wider than the phone, and no target too small for a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        "Array.from(document.querySelectorAll('main button, main .button, main summary'))"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44)"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    assert small == []
    assert barriers(page) == []


def test_from_the_mail_to_the_end_and_the_child_reads_it(system: System, sign_in: SignIn) -> None:
    ruth, tomas = sign_in("ruth@lakeside.example"), sign_in("tomas@maple.example", phone=True)
    child, tip = a_tip(system, ruth)

    # The mail on the phone says that there is something, and nothing of what.
    mail = tomas.locator("article", has=tomas.locator(f"a[href*='{tip}']")).first
    assert until(lambda: tomas.goto("/outbox") is not None and mail.count() > 0, pause=0.5)
    expect(mail).to_contain_text("LIFE SAFETY")
    assert WORDS not in tomas.content()
    assert BRIEF not in tomas.content()
    sound(tomas)
    mail.locator("a[href*='/tips/']").click()

    # The brief first, and one press.
    expect(tomas).to_have_url(re.compile(f"/team/{tip}$"))
    expect(tomas.get_by_text(BRIEF)).to_be_visible()
    button = tomas.get_by_role("button", name="I have it")
    expect(button).to_be_in_viewport()
    # Nor does what is wrong with machines push it out of sight, however much that is.
    tomas.evaluate(TROUBLES)
    expect(button).to_be_in_viewport(ratio=1)
    sound(tomas)
    button.click()
    expect(tomas.get_by_text("You have it").first).to_be_visible()
    expect(tomas.locator(".countdown time").first).to_be_visible()
    sound(tomas)

    # A call home asks for a second thought; a visit is one press.
    tomas.get_by_role("button", name="I'm calling the family").click()
    expect(tomas.get_by_text("we don't know if home is safe")).to_be_visible()
    tomas.get_by_role("button", name="I'm going to the student now").click()
    expect(tomas.get_by_text("Going to the student now").first).to_be_visible()

    # Talking: their words of before are not there, what they write now is.
    tomas.get_by_label("Write to them").fill("Where is he now?")
    tomas.get_by_role("button", name="Send to the reporter").click()
    assert "Where is he now?" in child.get("/talk/live").text
    child.post("/talk/message", {"text": "At his grandmother's."})
    expect(tomas.locator("#changed")).to_be_visible()
    tomas.get_by_role("link", name="Reload").click()
    expect(tomas.get_by_text("At his grandmother's.")).to_be_visible()
    assert WORDS not in tomas.content()

    tomas.get_by_role("heading", name="Close").click()
    tomas.get_by_label("Support given").check()
    tomas.get_by_label("What was done, and why are you closing it?").fill(
        "With him and his mother."
    )
    sound(tomas)
    tomas.get_by_role("button", name="Close tip").click()
    # The child's last words have no answer, and nobody has assessed it: it asks about both.
    expect(tomas.get_by_text("The reporter is waiting for a reply").first).to_be_visible()
    # The form is open again, with what was chosen and written.
    expect(tomas.get_by_label("Support given")).to_be_checked()
    expect(tomas.get_by_label("What was done, and why are you closing it?")).to_have_value(
        "With him and his mother."
    )
    tomas.get_by_label("The reporter is waiting for a reply. I am closing it anyway.").check()
    tomas.get_by_label("Nobody at the center has assessed this.").check()
    tomas.get_by_label(re.compile("Still open: nobody has decided about 911")).check()
    sound(tomas)
    tomas.get_by_role("button", name="Close tip").click()
    expect(tomas.get_by_text("a second person on your team must agree").first).to_be_visible()
    # Nobody ends it alone, however it ended.
    miriam = sign_in("miriam@maple.example", phone=True)
    miriam.goto(f"/team/{tip}")
    sound(miriam)
    miriam.get_by_role("button", name="I agree: close it").click()
    tomas.goto(f"/team/{tip}")
    expect(tomas.get_by_text("Closed: support given")).to_be_visible()
    sound(tomas)
    talk = child.get("/talk/live").text
    assert "Somebody was given support" in talk
    assert "his mother" not in talk


def test_without_any_script(system: System, sign_in: SignIn) -> None:
    ruth = sign_in("ben@lakeside.example")
    grace = sign_in("grace@maple.example", phone=True, script=False)
    _child, tip = a_tip(system, ruth)
    grace.goto("/team")
    row = grace.locator(".row", has=grace.locator(f"a[href='/team/{tip}']"))
    expect(row).to_contain_text("Nobody has it yet")
    row.get_by_role("button", name="I have it").click()
    expect(grace.get_by_text("You have it").first).to_be_visible()
    grace.get_by_label("Or wait, because").fill("His father is with him until midnight.")
    grace.get_by_role("button", name="Wait, for this reason").click()
    expect(grace.get_by_text("Waiting, because: His father").first).to_be_visible()


def test_one_key_each(system: System, sign_in: SignIn) -> None:
    nadia, miriam = sign_in("nadia@lakeside.example"), sign_in("miriam@maple.example")
    _child, tip = a_tip(system, nadia)
    miriam.goto(f"/team/{tip}")
    miriam.keyboard.press("s")
    expect(miriam.get_by_text("You said “seen.”")).to_be_visible()
    miriam.keyboard.press("n")
    expect(miriam.get_by_text("You said “I can't.”")).to_be_visible()
    miriam.keyboard.press("i")
    expect(miriam.get_by_text("You have it").first).to_be_visible()


def test_the_district_s_lead_sees_it_and_not_its_words(system: System, sign_in: SignIn) -> None:
    dana = sign_in("dana@maple.example", phone=True)
    expect(dana).to_have_url(re.compile("/district$"))
    expect(dana.locator("tbody tr").first).to_be_visible()
    assert BRIEF not in dana.content()
    sound(dana)
    dana.goto("/record")
    sound(dana)
    dana.goto("/record/check")
    sound(dana)
