"""A row of the queue on a counselor's screen: what tells one tip from another stands whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import ceil

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.journeys import sign_in
from tests.phone import Phone
from tests.servers import System

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow, pytest.mark.soak]

SCREEN: ViewportSize = {"width": 1440, "height": 900}
#: Topic, marks, school, language, who is asked next and what is to be done: none may be cut.
_CUT = """() => [...document.querySelectorAll('#rows > .row')].flatMap(row => {
    const box = e => e.getBoundingClientRect();
    return [...row.querySelectorAll(
        '.row-title > *, .row-facts p, .row-call p, .row-end .button, '
        + '.row-meta > :not(.row-usual, .row-district, [hidden])'
    )].filter(e => e.offsetParent && (
        e.scrollWidth > e.clientWidth && getComputedStyle(e).overflowX !== 'visible'
        || box(e).right > box(e.closest('.row > div')).right + 1
        || box(e).height > 40 || box(e).bottom > box(row).bottom || box(e).top < box(row).top
    )).map(e => e.textContent.trim().replace(/\\s+/g, ' '));
})"""
_WHOLE = """() => [...document.querySelectorAll('#rows > .row')].filter(row => {
    const r = row.getBoundingClientRect();
    return r.top >= 0 && r.bottom <= innerHeight;
}).length"""

#: Of what came: how many, how grave, whether now and where, within the bar's one height.
_WHOLE_BAR = """bar => {
    const box = e => e.getBoundingClientRect(), e = bar.querySelector('span');
    const r = box(e), b = box(bar);
    return e.scrollWidth <= e.clientWidth && e.scrollHeight <= e.clientHeight + 1
        && r.top >= b.top && r.bottom <= b.bottom && b.height <= 36;
}"""


@pytest.fixture(scope="module")
def system(system_alone: System) -> System:
    """No other journey meets the crowd."""
    return system_alone


@pytest.fixture(scope="module", autouse=True)
def crowd(system: System) -> None:
    """Sixty others are open: whom they are about, where and when differ."""
    tiles = ("suicide", "drugs", "threat", "home", "other", "attack")
    whom = ({"who": "someone"}, {"who": "me"}, {"who": "someone", "place": "The gym"})
    for number in range(60):
        child = Phone(system.public_port)
        form = child.get("/r/" + ("cedar-middle", "birch-high", "alder")[number % 3])
        kept = {name: form.field(name) for name in ("token", "district", "school")}
        given = {"tile": tiles[number % 6], "when": ("now", "soon", "days")[number // 20]}
        given |= whom[number // 3 % 3]
        text = f"Number {number}: it is about something of its own."
        assert child.post("/report", {**kept, **given, "text": text}).code


def fit(page: Page) -> int:
    """Return how many rows have to be whole: fourteen, less what news and alarms above them take.

    Others' tips are in the system too, and so are others' calls, questions and troubles.
    """
    top = page.evaluate(
        "document.querySelector('#rows > .row').getBoundingClientRect().top + scrollY"
    )
    taken: int = max(0, ceil((top - 192) / 48))
    return 14 - taken


def at_queue(system: System, chromium: Browser, email: str) -> Page:
    context = chromium.new_context(base_url=system.desk, locale="en-US", viewport=SCREEN)
    return sign_in(context.new_page(), system, email, "/queue")


@pytest.fixture
def page(system: System, chromium: Browser) -> Iterator[Page]:
    page = at_queue(system, chromium, "nadia@lakeside.example")
    yield page
    page.context.close()


def send(system: System, tile: str, when: str, *, who: str = "", at: str = "alder") -> Phone:
    child = Phone(system.public_port)
    form = child.get(f"/r/{at}")
    kept = {name: form.field(name) for name in ("token", "district", "school")}
    given = {"tile": tile, "when": when, "who": who, "text": f"{tile}, {kept['token']}."}
    assert child.post("/report", {**kept, **given}).code
    return child


def test_what_is_needed_of_a_row_is_whole(page: Page) -> None:
    expect(page.locator("#rows .row-marks").first).to_be_visible()
    assert page.locator("#rows > .row").count() > 15
    # As an English form that was opened in another language, with all that may stand there.
    page.evaluate(
        """() => document.querySelectorAll("#rows > .row:nth-child(3n) .row-usual").forEach(one => {
            one.className = "";
            one.textContent = "Español";
        })"""
    )
    expect(page.locator("#rows .row-facts").get_by_text("then").first).to_be_visible()
    assert page.evaluate(_CUT) == []
    for width in (1280, 1024, 1440):
        page.set_viewport_size({"width": width, "height": SCREEN["height"]})
        assert page.evaluate(_CUT) == [], width
    page.evaluate("scrollTo(0, 0)")
    assert page.evaluate(_WHOLE) >= fit(page)


def test_only_what_came_is_called_new(system: System, page: Page) -> None:
    """In a surge rows come and go on the first page; one that was there before is no new tip."""
    assert page.locator("#rows").get_attribute("data-surge") == "yes"
    expect(page.locator("#arrived")).to_be_hidden()
    # As the stream tells of a tip that lay off this page and has changed.
    page.evaluate(
        """() => {
            const row = document.querySelector("#rows > .row[data-free]").cloneNode(true);
            row.id = "tip-elsewhere";
            document.dispatchEvent(new CustomEvent("live:row", {detail: {row}}));
        }"""
    )
    expect(page.locator("#arrived")).to_be_hidden()
    send(system, "suicide", "now")
    expect(page.locator("#live")).to_contain_text("New life-safety tip")
    expect(page.locator("#arrived")).to_be_visible()


def test_what_comes_above_the_rows_moves_none(
    system: System, chromium: Browser, page: Page
) -> None:
    """Somebody else looks and tips come: the rows stand, and the bar names the gravest of all."""
    top = "() => Math.round(document.getElementById('rows').getBoundingClientRect().top)"
    # The press for sound has its line from the start.
    expect(page.locator("#sound")).to_be_visible()
    stood = page.evaluate(top)
    ben = at_queue(system, chromium, "ben@lakeside.example")
    expect(page.locator("#standing")).to_have_text("Also looking: Ben Castellano")
    bar = page.locator("#arrived")
    send(system, "suicide", "now")
    expect(bar).to_contain_text("New: Life safety")
    send(system, "bullying", "past")
    send(system, "other", "past")
    expect(bar).to_contain_text("3 new, the gravest: Life safety, Now, Alder")
    expect(bar).to_contain_text("Wanting to die")
    # On a slow machine something runs late meanwhile: that has its line above, and no more.
    late = page.locator("#troubles").is_visible()
    assert page.evaluate(top) - stood <= (80 if late else 0)
    assert page.evaluate(_WHOLE) >= fit(page)
    assert page.evaluate(_CUT) == []
    # On the narrowest screen of a desk what it is about is cut, and nothing before it.
    page.set_viewport_size({"width": 1280, "height": 720})
    assert bar.evaluate(_WHOLE_BAR)
    page.set_viewport_size(SCREEN)
    # A colleague takes the gravest: what is left is the gravest now.
    page.wait_for_timeout(500)
    gravest = bar.locator("a").get_attribute("href")
    bar.get_by_text("Show").click()
    expect(page.locator(f"{gravest} .row-title a")).to_be_focused()
    expect(bar).to_contain_text("2 new, the gravest:")
    expect(bar).not_to_contain_text("Life safety")
    bar.get_by_text("Dismiss").click()
    expect(bar).to_be_hidden()
    # What nobody has is still counted where the screen ends, and one press goes to the first.
    below = page.locator("#below")
    expect(below).to_have_text(re.compile(r"^Life safety: \d+ below this screen$"))
    page.wait_for_timeout(500)
    below.click()
    focused = page.locator(".row:focus-within")
    expect(focused).to_have_attribute("data-priority", "life_safety")
    expect(focused).to_be_in_viewport()
    assert page.evaluate("scrollY") > 0
    page.evaluate("scrollTo(0, 0)")
    ben.context.close()


def test_a_press_on_rows_that_were_pushed_down_does_nothing(page: Page) -> None:
    """On a narrower screen the bar takes a line of its own: that counts as a shift."""
    page.set_viewport_size({"width": 1100, "height": 900})
    # The page's own clock stands still: however slow the machine, the press comes at once.
    page.evaluate(
        """() => {
            window.pressed = 0;
            window.now = Date.now() + 1000;
            Date.now = () => window.now;
            document.getElementById('rows').addEventListener('click', event => {
                window.pressed += 1;
                event.preventDefault();
            });
            document.getElementById('arrived').hidden = false;
            const frame = () => new Promise(requestAnimationFrame);
            return frame().then(frame);
        }"""
    )
    page.mouse.click(600, 700)
    assert page.evaluate("window.pressed") == 0
    page.evaluate("window.now += 400")
    page.mouse.click(600, 700)
    assert page.evaluate("window.pressed") == 1


def test_what_somebody_had_meanwhile_is_not_new(page: Page) -> None:
    """Claimed with others, it gets a row of its own; given back, it is nobody's again."""
    tell = """row => {
        const made = document.querySelector("#rows > .row[data-free]").cloneNode(true);
        made.id = "tip-folded";
        made.dataset.came = String(Math.ceil(Date.now() / 1000) + 60);
        made.dataset.owner = row.owner;
        if (row.alike) {
            made.id = "tip-first";
            made.dataset.alike = "first folded";
            made.removeAttribute("data-free");
        }
        document.dispatchEvent(new CustomEvent("live:row", {detail: {row: made}}));
    }"""
    expect(page.locator("#arrived")).to_be_hidden()
    for row in ({"owner": "999"}, {"owner": ""}):
        page.evaluate(tell, row)
        expect(page.locator("#arrived")).to_be_hidden()
    page.reload()
    page.evaluate(tell, {"owner": "", "alike": True})
    page.evaluate(tell, {"owner": ""})
    expect(page.locator("#arrived")).to_be_hidden()


def test_of_very_many_an_open_page_says_how_many_more_wait(system: System, page: Page) -> None:
    """The seventh comes, then one of the five is claimed: the page agrees with the list."""
    for _ in range(7):
        send(system, "suicide", "days", who="someone", at="birch-high")
    rest = page.locator("#rows > .row-rest", has_text="Birch")
    expect(rest).to_contain_text("2 more, each with words of its own")
    stand = page.locator("#rows > .row:not(.row-rest)", has_text="Bullying").filter(
        has_text="Birch"
    )
    expect(stand).to_have_count(5)
    expect(rest.locator("button")).to_have_count(0)
    ben = at_queue(system, page.context.browser, "ben@lakeside.example")  # type: ignore[arg-type]
    ben.locator(f"#{stand.first.get_attribute('id')} .row-end button").click()
    expect(ben.locator("#reply-text")).to_be_visible()
    expect(rest).to_contain_text("1 more, each with words of its own")
    ben.context.close()


def test_a_row_that_changes_while_it_is_pressed_is_still_pressed(
    system: System, page: Page
) -> None:
    """The child writes between the press and its end, and the row comes anew: it opens."""
    expect(page.locator("#sound")).to_be_visible()
    child = send(system, "suicide", "now")
    bar = page.locator("#arrived")
    expect(bar).to_contain_text("Life safety")
    tip = bar.locator("a").get_attribute("href")
    page.wait_for_timeout(500)
    bar.get_by_text("Show").click()
    title = page.locator(f"{tip} .row-title a")
    expect(title).to_be_focused()
    page.wait_for_timeout(500)
    # Nothing is held for longer than two seconds, which stand still here.
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    title.hover()
    page.mouse.down()
    page.evaluate("window.heard = 0; document.addEventListener('live:row', () => window.heard++);")
    told: list[str] = []
    line = page.context.new_cdp_session(page)
    line.on("Network.eventSourceMessageReceived", lambda event: told.append(event["eventName"]))
    line.send("Network.enable")
    child.post("/talk/message", {"text": "She went upstairs."})
    for _ in range(600):
        if "row" in told:
            break
        page.wait_for_timeout(100)
    assert "row" in told, "the desk hears of it"
    assert page.evaluate("window.heard") == 0
    page.mouse.up()
    expect(page).to_have_url(re.compile("/tips/[0-9a-f-]+$"))


def test_no_row_moves_from_under_a_moving_hand(page: Page) -> None:
    """Tips come while the hand goes over the rows: they take their places when it rests."""
    place = page.locator("#rows > .row").nth(3)
    box = place.bounding_box()
    assert box is not None
    page.evaluate("document.getElementById('rows').dataset.surge = ''")
    page.mouse.move(box["x"] + 200, box["y"] + 8)
    # The page's own clock stands still between the steps: no hand rests because a machine is busy.
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
    moved = """document.getElementById("rows").dispatchEvent(
        new PointerEvent("pointermove", {bubbles: true}))"""
    page.evaluate(moved)
    page.evaluate(
        """() => {
            const row = document.querySelector("#rows > .row[data-free]").cloneNode(true);
            row.id = "tip-fresh";
            row.dataset.came = String(Date.now() * 10);
            row.dataset.place = "0";
            document.dispatchEvent(new CustomEvent("live:row", {detail: {row}}));
        }"""
    )
    for _ in range(10):
        page.clock.run_for(100)
        assert page.locator("#tip-fresh").count() == 0
        page.evaluate(moved)
    page.clock.run_for(1000)
    expect(page.locator("#arrived")).to_be_visible()
    expect(page.locator("#tip-fresh")).to_be_visible()
