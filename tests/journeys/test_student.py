"""A student with the worst phone: 360 pixels, no JavaScript, in each of the three languages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Request, expect

from tests.journeys.conftest import PHONE, Windows
from tests.servers import System
from upstander.config.database import Role
from upstander.ui.tests.barriers import sideways

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

#: Prefix of the addresses → what the student writes, and a second message.
WRITTEN = {
    "": ("My friend gave her things away and said goodbye.", "She is in the library."),
    "/es": ("Mi amiga regaló sus cosas y se despidió.", "Está en la biblioteca."),
    "/ar": ("صديقتي وزّعت أغراضها وودّعتنا.", "هي الآن في المكتبة."),
}


def in_its_language(page: Page, prefix: str) -> None:
    """The page is in the language of its address, turned its way, and nothing sticks out."""
    language = prefix.strip("/") or "en"
    assert page.evaluate("document.documentElement.lang") == language
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    assert sideways(page) <= 0, page.url


@pytest.mark.parametrize("prefix", WRITTEN)
def test_a_student_tells_answers_and_comes_back(
    window: Windows, system: System, prefix: str
) -> None:
    text, more = WRITTEN[prefix]
    page = window(java_script_enabled=False)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    # The district's page, and the form in its language.
    page.goto("/d/maple-valley")
    if prefix:
        page.locator(f"nav.languages a[lang='{prefix.strip('/')}']").click()
    in_its_language(page, prefix)
    page.locator("main .button-primary").click()
    in_its_language(page, prefix)
    assert page.context.cookies() == [], "no cookie before a tip is sent"

    # Only the text is needed; some choose more.
    for name, value in (("who", "someone"), ("when", "soon"), ("tile", "suicide")):
        page.locator(f"input[name={name}][value={value}]").check(force=True)
    page.locator("#q-text").fill(text)
    page.locator("form .button-primary").first.click()

    # The thank-you page is the conversation, with seven words.
    in_its_language(page, prefix)
    words = page.locator("#return-code").inner_text()
    assert len(words.split()) == 7
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("talk", True, "Strict")
    assert cookie["expires"] == -1
    # One of them may be a word of the address; all seven never are.
    assert not all(word in page.url for word in words.split())
    frame = page.frame_locator("#live-frame")
    expect(frame.get_by_text(text)).to_be_visible()

    # A reload, and the answers to the follow-up questions, keep words and conversation.
    page.reload()
    assert page.locator("#return-code").inner_text() == words
    page.locator("#more input[name=means][value=yes]").check(force=True)
    page.locator("#more button").click()
    assert page.locator("#return-code").inner_text() == words
    assert page.locator("#more input[name=means]").count() == 0, "what is answered is not asked"
    page.locator("#message-text").fill(more)
    page.locator("form[action*='/talk/message'] button").first.click()
    assert page.locator("#return-code").inner_text() == words
    expect(page.frame_locator("#live-frame").get_by_text(more)).to_be_visible()
    in_its_language(page, prefix)
    page.context.close()

    # Days later, from another phone, typed as people type.
    page = window(java_script_enabled=False)
    page.goto(f"{prefix}/d/maple-valley")
    page.locator(f"main a[href='{prefix}/back']").click()
    in_its_language(page, prefix)
    page.locator("#code").fill("  " + words.upper().replace(" ", "-\n", 2) + " ")
    page.locator("main .button-primary").click()
    expect(page).to_have_url(re.compile(f"{prefix}/talk$"))
    in_its_language(page, prefix)
    expect(page.frame_locator("#live-frame").get_by_text(text)).to_be_visible()
    assert page.locator("#return-code").count() == 0

    # Made to take it back: hidden here, kept by staff.
    page.goto(f"{prefix}/talk/live?still=1")
    page.locator("li", has_text=more).locator(".hide-link").click()
    in_its_language(page, prefix)
    page.locator("form button").click()
    assert page.get_by_text(more).count() == 0
    assert page.get_by_text(text).count() == 1
    with system.sign_in(Role.OWNER) as owner:
        kept = owner.execute(
            "SELECT count(*), count(*) FILTER (WHERE hidden) FROM tips_message WHERE kind = 'text'"
            " AND tip_id = (SELECT id FROM tips_tip WHERE NOT junk"
            " ORDER BY received_at DESC, id LIMIT 1)"
        ).fetchone()
    assert kept == (2, 1)

    # Ended: the page closes, the words would open it again.
    page.goto(f"{prefix}/talk")
    page.locator("main details summary").click()
    page.locator("form[action$='/talk/end'] button").click()
    in_its_language(page, prefix)
    assert page.context.cookies() == []
    page.goto(f"{prefix}/talk")
    expect(page).to_have_url(re.compile(f"{prefix}/back$"))
    page.locator("#code").fill(words)
    page.locator("main .button-primary").click()
    expect(page).to_have_url(re.compile(f"{prefix}/talk$"))

    # Gone at one press; nothing was ever asked of anybody else.
    assert all(url.startswith((system.public, "data:")) for url in asked)
    with page.expect_request(f"{system.public}/**/leave" if prefix else f"{system.public}/leave"):
        page.locator("[data-leave]").click(no_wait_after=True)


def test_who_changes_the_language_of_a_districts_form_stays_in_the_district(
    window: Windows,
) -> None:
    page = window(java_script_enabled=False)
    page.goto("/d/harbor-point")
    page.locator("main .button-primary").click()
    page.locator("nav.languages button[lang=es]").click()
    assert page.locator("input[name=district]").get_attribute("value") == "harbor-point"
    page.goto("/r/quay-high")
    page.locator("nav.languages button[lang=ar]").click()
    assert page.locator("input[name=district]").get_attribute("value") == "harbor-point"
    assert "Quay" in (page.locator("#q-school").get_attribute("value") or "")
    # In the middle of writing nothing that was typed is lost, and nothing is left behind.
    page.locator("#q-text").fill("Half a sentence")
    page.locator("input[name=tile][value=fight]").check(force=True)
    token = page.locator("input[name=token]").get_attribute("value")
    for language in ("es", "en", "ar"):
        page.locator(f"nav.languages button[lang={language}]").click()
        in_its_language(page, "" if language == "en" else f"/{language}")
        assert page.locator("#q-text").input_value() == "Half a sentence"
        assert page.locator("input[name=tile][value=fight]").is_checked()
        assert "Quay" in (page.locator("#q-school").get_attribute("value") or "")
        assert page.locator("input[name=token]").get_attribute("value") == token
    assert page.context.cookies() == []


def loaded(page: Page, path: str) -> dict[str, int]:
    """Open a page and return what came over the wire: address → bytes of its body."""
    done: list[Request] = []

    def finished(request: Request) -> None:
        done.append(request)

    page.on("requestfinished", finished)
    page.goto(path, wait_until="networkidle")
    return {request.url: request.sizes()["responseBodySize"] for request in done}


def test_the_first_page_is_light(window: Windows) -> None:
    for path in ("/report", "/es/report?d=maple-valley", "/ar/r/cedar-middle"):
        sizes = loaded(window(), path)
        assert 1 <= len(sizes) <= 3, sizes
        assert sum(sizes.values()) <= 12_000, sizes


def test_zoomed_to_twice_and_on_the_narrowest_screen_nothing_sticks_out(window: Windows) -> None:
    paths = ("/", "/d/maple-valley", "/report", "/back", "/nothing")
    for width in (320, 640):
        page = window(viewport={"width": width, "height": PHONE["height"]}, locale="ar")
        for prefix in WRITTEN:
            for path in paths:
                page.goto(prefix + path)
                assert sideways(page) <= 0, (width, prefix, path)
        page.goto("/ar/report")
        page.locator("#q-text").fill("x" * 5000)
        page.locator("form .button-primary").first.click()
        page.locator("#return-code").wait_for()
        assert sideways(page) <= 0
        page.goto("/ar/talk/live?still=1")
        assert sideways(page) <= 0
        page.context.close()
