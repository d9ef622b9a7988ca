"""A counselor sees that it is this child again, looks at a picture small, and shuts it away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys import sign_in
from tests.phone import Phone, multipart
from tests.servers import System
from upstander.cleaning.tests import samples
from upstander.config.database import Role
from upstander.ui.tests.barriers import barriers, sideways

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]


@pytest.fixture
def desk(system: System, chromium: Browser) -> Iterator[Page]:
    """Nadia at the queue; whatever the console complains of fails the test."""
    context = chromium.new_context(
        base_url=system.desk, locale="en-US", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    sign_in(page, system, "nadia@lakeside.example", "/queue")
    yield page
    context.close()
    assert complaints == []


def sound(page: Page) -> None:
    """Find no barrier on the page, at a desk's width and at a phone's."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert barriers(page) == []
        assert sideways(page) <= 0, page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def a_tip(system: System, page: Page, words: str) -> tuple[Phone, str]:
    """Send a tip from the poster's address and open it; return its reporter and its address."""
    with system.sign_in(Role.OWNER) as owner:
        known = [row[0] for row in owner.execute("SELECT id FROM tips_tip").fetchall()]
        child = Phone(system.public_port)
        form = child.get("/r/cedar-middle")
        kept = {name: form.field(name) for name in ("token", "district")}
        about = {"tile": "bullying", "school": "Cedar Middle School", "text": words}
        assert child.post("/report", {**kept, **about}).code
        new = owner.execute("SELECT id FROM tips_tip WHERE id <> ALL (%s)", [known]).fetchall()
    for (tip_id,) in new:
        page.goto(f"/tips/{tip_id}")
        if page.get_by_text(words).count():
            return child, f"/tips/{tip_id}"
    pytest.fail("the tip did not come")


def turn_to(page: Page, part: str) -> None:
    """Look at another part of what stands beside their words."""
    page.get_by_role("link", name=part).first.click()


def test_this_child_again(system: System, desk: Page) -> None:
    _, first = a_tip(system, desk, "They took her bag again.")
    turn_to(desk, "Notes, links")
    desk.get_by_text("Add a person").click()
    desk.get_by_label("Name, or as much").fill("Marisol Elena Quintanilla")
    desk.get_by_label("Grade, appearance").fill("Grade 7, lighthouse pin")
    desk.get_by_role("button", name="Add person").click()
    expect(desk.get_by_text("No other tip names someone similar")).to_be_visible()
    child, second = a_tip(system, desk, "She cries on the bus every day.")
    turn_to(desk, "Notes, links")
    desk.get_by_text("Add a person").click()
    desk.get_by_label("Name, or as much").fill("QUINTANILLA, M.")
    desk.get_by_role("button", name="Add person").click()
    expect(desk.get_by_text("other tip names someone similar")).to_be_visible()
    expect(desk.get_by_text("one name and an initial")).to_be_visible()
    sound(desk)
    desk.get_by_role("button", name=re.compile(r"^Link \w{4}-")).first.click()
    expect(desk.get_by_text("Linked", exact=True)).to_be_visible()
    assert desk.locator(f"a[href='{first}']").count()

    # A picture comes. Nobody sees it before they ask, and small first.
    asked: list[str] = []
    desk.on("request", lambda request: asked.append(request.url))
    body, kind = multipart([('name="file"; filename="bus.jpg"', samples.jpeg())])
    child.post("/talk/file", body, kind)
    turn_to(desk, "First minute")
    expect(desk.get_by_text("bus.jpg").first).to_be_visible()
    assert not [url for url in asked if url.endswith("/small")]
    desk.get_by_text("Small preview").click()
    picture = desk.locator("img[src$='/small']")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    sound(desk)
    desk.get_by_text("Quarantine this file", exact=True).click()
    expect(desk.get_by_text("reporting it is a duty")).to_be_visible()
    desk.get_by_role("button", name="Quarantine this file now").click()
    expect(desk.get_by_text("You must report it now")).to_be_visible()
    expect(desk.get_by_text("no school's key can").last).to_be_visible()
    assert "bus.jpg" not in desk.content()
    sound(desk)
    assert desk.goto(second) is not None


def test_a_lead_prints_the_poster(system: System, chromium: Browser) -> None:
    context = chromium.new_context(base_url=system.desk, locale="en-US")
    page = context.new_page()
    sign_in(page, system, "miriam@maple.example", "/posters")
    sound(page)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("^A4.*Cedar.*Spanish$")).click()
    assert download.value.suggested_filename == "poster-cedar-middle-es-a4.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    context.close()
