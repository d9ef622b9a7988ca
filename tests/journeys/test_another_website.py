"""Each form of the reporter's site, sent from our own page and from another website's."""

from __future__ import annotations

import html
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, Response

from tests.journeys.conftest import Windows
from tests.phone import Phone
from tests.servers import System
from upstander.config.database import Role

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

WORDS = "Somebody wrote that he will bring a knife."


class Foreign:
    """A website that shows one form, which posts to ours."""

    def __init__(self) -> None:
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = page.shown.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.shown = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        # The site is 127.0.0.1: by this name another one.
        self.address = f"http://localhost:{self.server.server_port}/"

    def form(self, action: str, fields: Mapping[str, str]) -> None:
        """Show a form that sends these fields."""
        inputs = "".join(
            f'<input name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in fields.items()
        )
        self.shown = (
            '<!DOCTYPE html><link rel="icon" href="data:,">'
            f'<form method="post" action="{html.escape(action)}">{inputs}'
            "<button>Win a prize</button></form>"
        )


@pytest.fixture
def foreign() -> Iterator[Foreign]:
    made = Foreign()
    yield made
    made.server.shutdown()
    made.server.server_close()


def sent_from(page: Page, foreign: Foreign, action: str, fields: Mapping[str, str]) -> Response:
    """Press the button of another website's form; return what our site answered."""
    foreign.form(action, fields)
    page.goto(foreign.address)
    with page.expect_navigation() as gone:
        page.get_by_role("button", name="Win a prize").click()
    answer = gone.value
    assert answer is not None
    return answer


def tips(system: System) -> int:
    with system.sign_in(Role.OWNER) as owner:
        (count,) = owner.execute("SELECT count(*) FROM tips_tip").fetchone() or (0,)
    return int(count)


def test_another_website_sends_none_of_our_forms(
    window: Windows, system: System, foreign: Foreign
) -> None:
    attacker = Phone(system.public_port)
    form = attacker.get("/r/cedar-middle")
    kept = {name: form.field(name) for name in ("token", "district")}
    about = {"tile": "bullying", "school": "Cedar Middle School", "text": "Another one."}
    code = attacker.post("/report", {**kept, **about}).code
    assert code

    # From our own page, each is taken.
    page = window()
    page.goto("/r/cedar-middle")
    page.locator("#q-text").fill(WORDS)
    page.locator("form .button-primary").first.click()
    page.locator("#return-code").wait_for()
    mine = page.locator("#return-code").inner_text()
    (cookie,) = page.context.cookies()

    # From another website, none is, and the conversation stays whose it was.
    before = tips(system)
    assert sent_from(page, foreign, f"{system.public}/report", {"text": WORDS}).status == 403
    answer = sent_from(page, foreign, f"{system.public}/back", {"code": code, "text": WORDS})
    assert answer.status == 403
    assert page.locator("#text").input_value().strip() == WORDS
    assert page.locator("#code").input_value().strip() == ""
    for path in ("message", "answers", "file", "hide", "end"):
        fields = {"text": WORDS, "place": "Nowhere"}
        assert sent_from(page, foreign, f"{system.public}/talk/{path}", fields).status == 403, path
    assert tips(system) == before
    assert page.context.cookies() == [cookie]

    # By our own page the seven words open it.
    page.goto("/back")
    page.locator("#code").fill(mine)
    page.locator("form .button-primary").first.click()
    page.wait_for_url("**/talk")
