"""A student who hears the page: the tree that a screen reader gets, its order, and the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Windows

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

#: One node of the tree: role, name, what follows in brackets.
_NODE = re.compile(r"""^(\s*)- '?([a-z]+)(?: "((?:[^"\\]|\\.)*)")?((?: \[[^\]]+\])*)""")
#: What somebody acts on; each must say what it is.
_ACTED_ON = {"link", "button", "textbox", "radio", "checkbox", "combobox", "group", "navigation"}


def tree(page: Page, at: str = "body") -> list[tuple[str, str, str]]:
    """Return (role, name, states) of all nodes in the order in which they are read."""
    return [
        (node[2], node[3] or "", node[4].strip())
        for line in page.locator(at).aria_snapshot().splitlines()
        if (node := _NODE.match(line))
    ]


def headings(nodes: list[tuple[str, str, str]]) -> Iterator[int]:
    """Give the headings' levels in order."""
    for role, _name, states in nodes:
        if role == "heading" and (level := re.search(r"level=(\d)", states)):
            yield int(level[1])


def sound(nodes: list[tuple[str, str, str]]) -> None:
    """One main part, one first heading, no level left out, and a name for all that is acted on."""
    roles = [role for role, _, _ in nodes]
    assert roles.count("main") == 1
    levels = list(headings(nodes))
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    nameless = [node for node in nodes if node[0] in _ACTED_ON - {"group"} and not node[1].strip()]
    assert nameless == []


def in_order(nodes: list[tuple[str, str, str]], wanted: list[tuple[str, str]]) -> None:
    """Each (role, beginning of name) comes, in this order."""
    rest = iter(nodes)
    for role, name in wanted:
        assert any(r == role and n.startswith(name) for r, n, _ in rest), (role, name)


def test_the_form_is_heard_in_an_order_that_makes_sense(window: Windows) -> None:
    page = window()
    page.goto("/report?d=maple-valley")
    nodes = tree(page)
    sound(nodes)
    in_order(
        nodes,
        [
            ("link", "Skip to main content"),
            ("link", "Leave this page"),
            ("navigation", "Help right now"),
            ("link", "In danger right now? Call 911"),
            ("link", "Want to talk to someone? Call or text 988"),
            ("main", ""),
            ("heading", "Tell us what is wrong"),
            ("textbox", "What happened?"),
            ("button", "Send it now"),
            ("heading", "Help us find them faster"),
            ("group", "Who needs help?"),
            ("radio", "Me"),
            ("group", "Is it happening now?"),
            ("group", "What is it about?"),
            ("combobox", "Which school or town?"),
            ("button", "Send it"),
            ("contentinfo", ""),
        ],
    )
    # What one may leave out is said to be so; the one thing that is needed as well.
    said = {name for role, name, _ in nodes if role in ("textbox", "combobox")}
    assert [name for name in said if name.endswith("all we need")] == [
        "What happened? · all we need"
    ]
    assert all(name.endswith(("you can skip this", "we need")) for name in said)


def test_a_mistake_is_heard_first_and_leads_to_its_field(window: Windows) -> None:
    page = window()
    page.goto("/report")
    page.locator("#q-text").fill("   ")
    page.get_by_role("button", name="Send it now").click()
    alert = page.get_by_role("alert").first
    expect(alert).to_contain_text("It was not sent yet. Everything you wrote is still here.")
    alert.get_by_role("link").click()
    box = page.get_by_role("textbox", name="What happened?")
    expect(box).to_be_focused()
    assert box.get_attribute("aria-invalid") == "true"
    described = box.get_attribute("aria-describedby") or ""
    said = " ".join(page.locator(f"#{part}").inner_text() for part in described.split())
    assert "Please write what happened" in said
    sound(tree(page))


def test_sent_and_answered_by_keyboard_and_ear_alone(window: Windows) -> None:
    page = window()
    page.goto("/report?d=maple-valley")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    # What is said before sending, then the box at once.
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q-text"
    page.keyboard.type("He hides a knife in his bag.")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Send it now"
    # Radio buttons: Tab comes to the group once, arrows choose in it. What else one can press
    # before (the other door) is a link.
    page.keyboard.press("Tab")
    if page.evaluate("document.activeElement.tagName") == "A":
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "who"
    page.keyboard.press("ArrowDown")
    for _ in range(40):
        if page.evaluate("document.activeElement.type") == "submit":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Thank you"))
    page.frame_locator("#live-frame").get_by_text("He hides a knife").wait_for()
    nodes = tree(page)
    sound(nodes)
    in_order(
        nodes,
        [
            ("heading", "Thank you. You did a good thing."),
            ("region", "Your seven-word code"),
            ("region", "Your conversation"),
            ("iframe", ""),
            ("textbox", "Write to them"),
            ("button", "Send"),
            ("region", "Add a photo or screenshot."),
            ("region", "What happens next"),
        ],
    )
    assert page.locator("iframe").get_attribute("title")
    frame = page.frame(name="live")
    assert frame is not None
    heard = frame.locator("body").aria_snapshot()
    assert heard.index('heading "Waiting for a counselor."') < heard.index("He hides a knife")
    assert 'link "Hide your message from this page"' in heard

    page.goto("/talk")
    sound(tree(page))
    page.goto("/back")
    page.get_by_role("textbox", name="Your seven words").fill("these are not the right seven words")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").first).to_contain_text("These words open nothing here")
    sound(tree(page))


@pytest.mark.parametrize("prefix", ["", "/es", "/ar"])
def test_every_page_has_its_parts_and_names(window: Windows, prefix: str) -> None:
    page = window(java_script_enabled=False)
    for path in ("/", "/d/maple-valley", "/report", "/r/cedar-middle", "/back", "/nothing"):
        page.goto(prefix + path)
        sound(tree(page))
