"""A student on a bus writes in the app without a line: it arrives once, and no word stays."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from tests.journeys.conftest import PHONE, Windows
from tests.journeys.line import Line
from tests.servers import System
from tests.waiting import PATIENCE
from upstander.config.database import Role
from upstander.ui.tests.barriers import sideways

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

STATIC = Path(__file__).parents[2] / "upstander/webapp/static/webapp"
WORDS = "Zebrafinch said goodbye to everybody on bus nineteen."


@pytest.fixture
def line() -> Iterator[Line]:
    """The device's line."""
    with Line() as made:
        yield made
        made.shutdown()


@pytest.fixture
def device(
    system: System, playwright: Playwright, tmp_path: Path, line: Line
) -> Iterator[BrowserContext]:
    """A phone whose browser keeps things in a folder, which can be searched."""
    program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "device",
        executable_path=program,
        # Addresses of this machine go through it too.
        args=["--no-sandbox", line.proxy, "--proxy-bypass-list=<-loopback>"],
        base_url=system.public,
        viewport={"width": PHONE["width"], "height": PHONE["height"]},
    )
    context.set_default_timeout(1000 * PATIENCE)
    yield context
    context.close()


def installed(device: BrowserContext, look: str = "plain", prefix: str = "") -> Page:
    """Open the page of a look, wait for its worker, and open the form from what is kept."""
    page = device.new_page()
    page.goto(f"{prefix}/app")
    page.locator(f"a[href='{prefix}/app/{look}']").click()
    expect(page.locator("[data-ready]")).to_be_visible()
    page.goto(f"{prefix}/app/report")
    return page


def written(page: Page, words: str = WORDS) -> None:
    page.locator("#q-text").fill(words)
    page.locator("form#report-form .button-primary").first.click()


def rows(system: System, table: LiteralString) -> int:
    with system.sign_in(Role.OWNER) as owner:
        row = owner.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def tips(system: System) -> int:
    return rows(system, "tips_tip")


def found_on(device: Path, words: str) -> list[str]:
    """Return the files of a device in which a word of these stands, in either of its encodings."""
    word = words.split(maxsplit=1)[0]
    return [
        str(path.relative_to(device))
        for path in device.rglob("*")
        if path.is_file()
        and any(word.encode(kind) in path.read_bytes() for kind in ("utf-8", "utf-16-le"))
    ]


@pytest.mark.parametrize("prefix", ["", "/es", "/ar"])
def test_report_from_a_bus_arrives_once(
    device: BrowserContext, line: Line, system: System, tmp_path: Path, prefix: str
) -> None:
    page = installed(device, prefix=prefix)
    before = tips(system)
    line.cut()
    page.goto(f"{prefix}/app/report")
    assert sideways(page) <= 0
    written(page)
    waiting = page.locator("#app-shelf [data-state=waiting]")
    expect(waiting).to_be_visible()
    expect(page.locator("#q-text")).to_have_value("")
    assert sideways(page) <= 0
    assert WORDS not in page.content()

    # Closed and opened again, still without a line: it waits, and help is at hand.
    page.close()
    assert found_on(tmp_path / "device", WORDS) == []
    page = device.new_page()
    page.goto(f"{prefix}/app/talk")
    expect(page.locator("main a[href='tel:988']")).to_be_visible()
    page.goto(f"{prefix}/app/report")
    expect(page.locator("#app-shelf [data-state=waiting]")).to_be_visible()
    assert tips(system) == before

    line.mend(device)
    arrived = page.locator("#app-shelf [data-state=arrived]")
    expect(arrived).to_be_visible()
    assert tips(system) == before + 1
    assert device.cookies() == [], "nobody has asked for the code"
    arrived.locator("[data-do=show]").click()
    expect(page.locator("#return-code span")).to_have_count(7)
    expect(arrived).to_have_count(0)
    assert tips(system) == before + 1
    code = page.locator("#return-code").inner_text()
    assert sideways(page) <= 0

    # Gone from the device, and the code opens the conversation from anywhere.
    page.reload()
    expect(page.locator("#app-shelf [data-state]")).to_have_count(0)
    page.goto(f"{prefix}/back")
    page.locator("#code").fill(code)
    page.locator("main .button-primary").click()
    expect(page).to_have_url(re.compile("/talk$"))
    expect(page.frame_locator("#live-frame").get_by_text(WORDS)).to_be_visible()
    page.goto("about:blank")
    device.close()
    assert found_on(tmp_path / "device", WORDS) == []


def test_two_tabs_send_one_tip_once(device: BrowserContext, line: Line, system: System) -> None:
    first, second = installed(device), device.new_page()
    second.goto("/app/report")
    before, came = tips(system), []
    device.on(
        "response", lambda one: came.append(one.url) if one.request.method == "POST" else None
    )
    line.cut()
    written(first)
    for page in (first, second):
        expect(page.locator("#app-shelf [data-state=waiting]")).to_be_visible()
    line.mend(device)
    for page in (first, second):
        expect(page.locator("#app-shelf [data-state=arrived]")).to_be_visible()
    assert (tips(system), len(came)) == (before + 1, 1)
    # Taken off in one tab, it is gone from the other.
    second.locator("[data-do=drop]").click()
    expect(first.locator("#app-shelf [data-state]")).to_have_count(0)


def test_unsent_report_goes_by_one_press(
    device: BrowserContext, line: Line, system: System
) -> None:
    page, before = installed(device, "named"), tips(system)
    line.cut()
    written(page)
    page.locator("#app-shelf [data-state=waiting] [data-do=drop]").click()
    expect(page.locator("#app-shelf [data-state]")).to_have_count(0)
    line.mend(device)
    page.reload()
    expect(page.locator("#app-shelf [data-state]")).to_have_count(0)
    assert tips(system) == before


def test_delete_waits_for_no_line(device: BrowserContext, system: System) -> None:
    page, held = installed(device), list[Route]()

    def silent(route: Route) -> None:
        held.append(route)

    device.route("**/app/report", silent)
    written(page)
    expect(page.locator("#app-shelf [data-state=waiting]")).to_be_visible()
    page.locator("[data-do=drop]").click()
    expect(page.locator("#app-shelf [data-state]")).to_have_count(0)
    # The answer comes after all: what was deleted does not come back by it.
    with page.expect_response("**/app/report"):
        held[0].fulfill(json={})
    device.unroute("**/app/report", silent)
    page.reload()
    expect(page.locator("#app-shelf [data-state]")).to_have_count(0)


def test_full_device_keeps_the_words_on_the_page(
    device: BrowserContext, line: Line, system: System
) -> None:
    page, before = installed(device), tips(system)
    wire = device.new_cdp_session(page)
    wire.send("Storage.overrideQuotaForOrigin", {"origin": system.public, "quotaSize": 1})
    line.cut()
    written(page)
    expect(page.locator("#app-shelf [data-state=full]")).to_be_visible()
    expect(page.locator("#q-text")).to_have_value(WORDS)
    line.mend(device)
    page.locator("form#report-form .button-primary").first.click()
    page.locator("#app-shelf [data-state=arrived] [data-do=show]").click()
    expect(page.locator("#return-code span")).to_have_count(7)
    expect(page.locator("#app-shelf [data-state=full]")).to_have_count(0)
    assert tips(system) == before + 1


def test_update_midway_loses_nothing(device: BrowserContext, line: Line, system: System) -> None:
    page, before = installed(device), tips(system)

    def away(route: Route) -> None:
        route.fulfill(status=503, content_type="text/html", body="busy")

    # The page's own alone: what the workers ask for goes its way.
    page.route("**/app/report", away)
    written(page)
    expect(page.locator("#app-shelf [data-state=waiting]")).to_be_visible()
    # Another district's app: another worker in the same place, as after a release.
    (old,) = page.evaluate("caches.keys()")
    other = device.new_page()
    other.goto("/app/plain?d=harbor-point")
    other.wait_for_function(
        "async (old) => !(await caches.keys()).includes(old) && (await caches.keys()).length",
        arg=old,
    )
    page.unroute("**/app/report", away)
    page.locator("[data-do=send]").click()
    expect(page.locator("#app-shelf [data-state=arrived]")).to_be_visible()
    assert tips(system) == before + 1
    line.cut()
    page.reload()
    expect(page.locator("#app-shelf [data-state=arrived]")).to_be_visible()


def test_wrong_clock_changes_nothing(device: BrowserContext, line: Line, system: System) -> None:
    page, before = installed(device), tips(system)
    page.clock.set_fixed_time("2001-01-01")
    line.cut()
    written(page)
    expect(page.locator("#app-shelf [data-state=waiting]")).to_be_visible()
    line.mend(device)
    expect(page.locator("#app-shelf [data-state=arrived]")).to_be_visible()
    assert tips(system) == before + 1


def test_shared_picture_goes_with_the_words(device: BrowserContext, system: System) -> None:
    page, before = installed(device), rows(system, "tips_attachment")
    picture = (STATIC / "plain-192.png").read_bytes()
    # What a system sends when somebody shares a picture to the app.
    page.evaluate(
        """(bytes) => {
          const files = new DataTransfer(), form = document.createElement("form");
          files.items.add(new File([new Uint8Array(bytes)], "screen.png", {type: "image/png"}));
          form.method = "post"; form.action = "/app/share"; form.enctype = "multipart/form-data";
          form.innerHTML = "<input type=file name=file>";
          form.firstChild.files = files.files;
          document.body.append(form);
          form.submit();
        }""",
        list(picture),
    )
    expect(page.locator("#app-picture")).to_be_visible()
    written(page)
    with page.expect_response("**/talk/file") as kept:
        page.locator("#app-shelf [data-state=arrived] [data-do=show]").click()
    assert kept.value.status == 303
    expect(page.locator("#app-picture")).to_be_hidden()
    assert rows(system, "tips_attachment") == before + 1


def test_everything_goes_from_the_device_by_one_press(device: BrowserContext, line: Line) -> None:
    page = installed(device)
    line.cut()
    written(page)
    expect(page.locator("#app-shelf [data-state=waiting]")).to_be_visible()
    line.mend(device)
    device.route("**/app/report", lambda route: route.abort())
    page.goto("/app/plain")
    page.locator("[data-off]").click()
    expect(page.locator("[data-gone]")).to_be_visible()
    left = page.evaluate(
        "async () => [(await caches.keys()).length, (await indexedDB.databases()).length,"
        " (await navigator.serviceWorker.getRegistrations()).length]"
    )
    assert left == [0, 0, 0]


def test_ordinary_pages_have_no_worker_and_no_manifest(window: Windows) -> None:
    page = window()
    for path in ("/d/maple-valley", "/report", "/r/cedar-middle", "/back", "/app"):
        page.goto(path)
        assert page.locator("link[rel=manifest]").count() == 0, path
        assert page.evaluate("navigator.serviceWorker.controller") is None
    assert (
        page.evaluate("navigator.serviceWorker.getRegistrations().then((all) => all.length)") == 0
    )
