"""A counselor's first minutes on one page, counted: presses, page loads, and nothing scrolled."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.journeys import one_page
from tests.journeys.one_page import SCREEN, SCROLLED, SEEN, WORDS, Counted, Desk, tell, tips_in
from tests.phone import Phone
from tests.servers import System
from tests.waiting import until
from upstander.ui.tests.barriers import barriers, sideways

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow, pytest.mark.soak]

SMALL: ViewportSize = {"width": 1280, "height": 720}


@pytest.fixture(scope="module")
def system(system_alone: System) -> System:
    """No other journey meets the crowd."""
    return system_alone


@pytest.fixture(scope="module", autouse=True)
def crowd(system: System) -> None:
    """Sixty others are open."""
    tiles = ("bullying", "fight", "drugs", "sad", "attack", "suicide")
    before = len(tips_in(system))
    for number in range(60):
        child = Phone(system.public_port)
        form = child.get("/r/cedar-middle")
        kept = {name: form.field(name) for name in ("token", "district")}
        given = {"tile": tiles[number % 6], "when": "days", "school": "Cedar Middle School"}
        assert child.post("/report", {**kept, **given, "text": f"It goes on, every {number}."}).code
    assert until(lambda: len(tips_in(system)) >= before + 60)


desk = one_page.desk


def test_claimed_answered_judged_handed_off_in_seven_presses(system: System, desk: Desk) -> None:
    child, tip = tell(system, WORDS, place="14 Elm Street, upstairs")
    page = desk(SCREEN)
    counted = Counted(page)
    page.goto(f"/tips/{tip}")
    counted.loads = 1
    counted.press(page.locator(".tip-head").get_by_role("button", name="Claim"))
    expect(page.get_by_text(WORDS)).to_be_in_viewport(ratio=1)
    expect(page.locator(".tip-head")).to_contain_text("You have it")
    counted.press(page.locator(".prompt:visible").first)
    expect(page.locator("#reply-text")).to_have_value(re.compile("real person"))
    counted.press(page.get_by_role("button", name="Send to the reporter"))
    expect(page.locator(".bubble-mine")).to_contain_text("real person")
    expect(page.locator("#reply-text")).to_have_value("")

    counted.press(page.locator(".tip-head").get_by_role("link", name="Assess"))
    expect(page.locator("#id_category")).to_be_visible()
    before = counted.presses
    counted.choose("category", "suicide_ideation")
    counted.choose("imminence", "now")
    counted.choose("means", "at_hand")
    expect(page.locator("#suggestion")).to_contain_text("Means of harm are within reach.")
    assert page.locator("[name=priority]:checked").count() == 0, "the person decides"
    counted.press(page.locator("label:has([name=priority][value=life_safety])"))
    answers = counted.presses - before
    counted.press(page.get_by_role("button", name="Save assessment"))
    expect(page.locator("#said")).to_contain_text("Assessment saved.")
    expect(page.locator("[data-part=judgement]")).to_contain_text("At hand")

    counted.press(page.locator(".tip-head").get_by_role("link", name="Hand off"))
    expect(page.locator("[data-who]")).to_contain_text("Grace Hallam, Miriam Vale")
    expect(page.locator("#id_facts")).to_have_value(re.compile("\nWHERE: 14 Elm Street, upstairs"))
    counted.press(page.get_by_role("button", name="Hand off now"))
    expect(page.locator("#said")).to_contain_text("Handed off.")
    expect(page.locator(".tip-head")).to_contain_text("With the school's team")

    # A press of a label is heard as one of its field too: both are the one answer.
    assert counted.presses - answers == 7
    assert counted.loads == 1
    assert page.evaluate(SCROLLED) == 0
    assert "real person" in child.get("/talk/live").text
    assert barriers(page) == []


def test_the_same_by_keys_alone(system: System, desk: Desk) -> None:
    child, tip = tell(system, WORDS)
    page = desk(SCREEN)
    counted, keys = Counted(page), page.keyboard

    def step_to(name: str) -> None:
        for _ in range(30):
            keys.press("Tab")
            if page.evaluate("document.activeElement.name") == name:
                return
        pytest.fail(f"the keys never came to {name}")

    page.goto(f"/tips/{tip}")
    page.wait_for_load_state()
    keys.press("c")
    expect(page.locator(".tip-head")).to_contain_text("You have it")
    keys.press("1")
    keys.press("r")
    keys.press("Control+Enter")
    expect(page.locator(".bubble-mine")).to_contain_text("real person")

    keys.press("a")
    expect(page.locator("#id_category")).to_be_visible()
    step_to("category")
    keys.type("Suicidal")
    step_to("imminence")
    keys.press("ArrowDown")
    step_to("means")
    keys.press("ArrowDown")
    step_to("priority")
    keys.press("Space")
    keys.press("Control+Enter")
    expect(page.locator("#said")).to_contain_text("Assessment saved.")
    expect(page.locator("[data-part=judgement]")).to_contain_text("At hand")

    keys.press("h")
    expect(page.locator("[data-who]")).to_contain_text("Grace Hallam, Miriam Vale")
    # Nobody gave a place, so none is filled in.
    expect(page.locator("#id_facts")).to_have_value(re.compile("\nWHERE: PLACE NOT KNOWN"))
    step_to("teams")
    keys.press("Control+Enter")
    expect(page.locator("#said")).to_contain_text("Handed off.")
    assert counted.loads == 1
    assert counted.presses == 0
    assert page.evaluate("scrollY") == 0
    assert "real person" in child.get("/talk/live").text


def test_what_is_refused_stands_in_its_form_with_what_was_typed(system: System, desk: Desk) -> None:
    child, tip = tell(system, WORDS)
    page = desk(SCREEN)
    counted = Counted(page)
    page.goto(f"/tips/{tip}")
    counted.press(page.get_by_role("button", name="Claim"))
    expect(page.locator(".tip-head")).to_contain_text("You have it")
    page.locator("#reply-text").fill("I am here, and")

    counted.press(page.locator(".tip-head").get_by_role("link", name="Assess"))
    page.locator("label:has([name=priority][value=urgent])").click()
    page.locator("#id_place_now").fill("Her room, she says")
    counted.press(page.get_by_role("button", name="Save assessment"))
    expect(page.locator("[data-panel=assess]")).to_contain_text("Say why")
    expect(page.locator("#id_place_now")).to_have_value("Her room, she says")
    expect(page.locator("#reply-text")).to_have_value("I am here, and")

    # It is begun, looked away from, and there again.
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator("[data-part=help-911]")).to_be_visible()
    page.keyboard.press("a")
    expect(page.locator("#id_place_now")).to_have_value("Her room, she says")

    # What comes meanwhile takes nothing from any box.
    child.post("/talk/message", {"text": "She went upstairs."})
    expect(page.locator("#talk").get_by_text("She went upstairs.")).to_be_in_viewport()
    expect(page.locator("#reply-text")).to_have_value("I am here, and")
    expect(page.locator("#id_place_now")).to_have_value("Her room, she says")

    # Two presses are one.
    page.get_by_role("button", name="Send to the reporter").dblclick()
    expect(page.locator(".bubble-mine")).to_have_count(1)
    expect(page.locator("#reply-text")).to_have_value("")
    expect(page.locator("#id_place_now")).to_have_value("Her room, she says")
    assert counted.loads == 1


def test_911_not_now_is_kept_without_leaving_and_a_lost_line_loses_nothing(
    system: System, desk: Desk
) -> None:
    _, tip = tell(system, WORDS)
    page = desk(SCREEN)
    counted = Counted(page)
    page.goto(f"/tips/{tip}")
    counted.press(page.get_by_role("button", name="Not now"))
    form = page.locator(".decide-911")
    expect(form).to_contain_text("Not saved yet.")
    page.locator("#words-911").fill("She is with her aunt, who answers.")
    page.context.set_offline(True)
    counted.press(page.get_by_role("button", name="Not now"))
    expect(page.locator("#said")).to_contain_text("Not sent: no connection.")
    expect(page.locator("#words-911")).to_have_value("She is with her aunt, who answers.")
    page.context.set_offline(False)
    page.wait_for_timeout(2100)
    counted.press(page.get_by_role("button", name="Not now"))
    expect(page.locator("#said")).to_contain_text("Saved, with your reason.")
    expect(page.locator("[data-part=help-911] .task")).to_have_count(0)
    assert counted.loads == 1


@pytest.mark.parametrize("screen", [SCREEN, SMALL])
@pytest.mark.parametrize("kind", ["bare", "long", "warned", "judged", "talked"])
def test_their_words_and_the_box_are_on_the_first_screen(
    system: System, desk: Desk, kind: str, screen: ViewportSize
) -> None:
    more: dict[str, str] = {}
    text = WORDS
    if kind == "long":
        text = "They were at the lake and then he said it again. " * 61
    if kind == "warned":
        more = {"home_safe": "no", "not_see": "Mr. Tanner, who is my stepfather"}
        more |= {"place": "14 Elm Street, upstairs", "means": "yes", "subject": "Mia, grade 8"}
    child, tip = tell(system, text, **more)
    page = desk(screen)
    page.goto(f"/tips/{tip}")
    if kind in ("judged", "talked"):
        page.keyboard.press("c")
        expect(page.locator(".tip-head")).to_contain_text("You have it")
    if kind == "judged":
        page.keyboard.press("a")
        page.locator("#id_means").select_option("at_hand")
        page.locator("label:has([name=priority][value=life_safety])").click()
        page.get_by_role("button", name="Save assessment").click()
        expect(page.locator("#said")).to_contain_text("Assessment saved.")
    if kind == "talked":
        for number in range(10):
            # A second press within two seconds is a slip and sends nothing.
            page.wait_for_timeout(2_050)
            page.locator("#reply-text").fill(f"And then, {number}?")
            page.locator("#reply-text").press("Control+Enter")
            expect(page.locator(".bubble-mine")).to_have_count(number + 1)
            child.post("/talk/message", {"text": f"Then she left, {number}."})
        expect(page.locator("#talk").get_by_text("Then she left, 9.")).to_be_visible()
        page.goto(f"/tips/{tip}")
        expect(page.locator("#talk").get_by_text("Then she left, 9.")).to_be_in_viewport(ratio=1)
    expect(page.locator("#reply-text")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Send to the reporter")).to_be_in_viewport(ratio=1)
    for one in (
        page.locator("#reply-text"),
        page.get_by_role("button", name="Send to the reporter"),
        page.locator(".tip-head a[data-key='9']"),
        page.locator(".bubble-reporter header").first,
    ):
        assert one.evaluate(SEEN) is not None, one
    # The first words begin in sight, and four lines of them (or all) can be read.
    first = page.locator(".bubble-reporter").first.bounding_box()
    foot = page.locator(".tip-foot").bounding_box()
    head = page.locator(".tip-head").bounding_box()
    assert first is not None
    assert foot is not None
    assert head is not None
    # With room to spare, since elsewhere the fonts are others; a word on what is late takes it.
    room = 0 if page.locator("#troubles").is_visible() else 15
    assert first["y"] + min(first["height"], 110) + room <= foot["y"]
    if kind == "warned":
        expect(page.locator(".tip-head-warns")).to_contain_text("Don't call home.")
        expect(page.locator(".tip-head-warns")).to_contain_text("Mr. Tanner")
    assert head["height"] <= (92 if kind == "warned" else 60)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert sideways(page) <= 0


@pytest.mark.parametrize("width", [768, 360])
def test_it_is_one_page_to_read_down_where_there_is_no_room(
    system: System, desk: Desk, width: int
) -> None:
    _, tip = tell(system, WORDS)
    page = desk({"width": width, "height": 740})
    page.goto(f"/tips/{tip}")
    assert sideways(page) <= 0
    assert barriers(page) == []
    page.locator(".tip-head").get_by_role("link", name="Assess").click()
    expect(page.locator("#id_category")).to_be_in_viewport()
    assert sideways(page) <= 0
    assert barriers(page) == []


def test_without_a_script_the_forms_are_pages_of_their_own(system: System, desk: Desk) -> None:
    _, tip = tell(system, WORDS)
    signed_in = desk(SCREEN)
    plain = signed_in.context.browser
    assert plain is not None
    context = plain.new_context(
        base_url=system.desk,
        storage_state=signed_in.context.storage_state(),
        java_script_enabled=False,
        viewport=SCREEN,
    )
    page = context.new_page()
    page.goto(f"/tips/{tip}")
    page.locator(".tip-tabs").get_by_role("link", name="Assess").click()
    expect(page).to_have_url(re.compile("/assess$"))
    page.locator("#id_means").select_option("at_hand")
    page.locator("label:has([name=priority][value=life_safety])").click()
    page.get_by_role("button", name="Save assessment").click()
    expect(page.get_by_text("Assessment saved.")).to_be_visible()
    page.locator(".tip-tabs").get_by_role("link", name="Hand off").click()
    # Chosen anew: who gets it is shown before it goes.
    page.get_by_label("Maple Valley office").check()
    page.get_by_role("button", name="Hand off now").click()
    expect(page.get_by_text("Not handed off yet: read who gets it.")).to_be_visible()
    page.get_by_role("button", name="Hand off now").click()
    expect(page.get_by_text("Handed off.")).to_be_visible()
    context.close()
