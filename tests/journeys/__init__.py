"""Journeys of the people for whom this is made, in a real browser on real servers."""

from typing import Any, LiteralString

from playwright.sync_api import Page, expect

from tests.servers import System
from upstander.command.demo_data import PASSPHRASE
from upstander.config.database import Role as LoginRole

#: Who is signed in: desk and email → cookies.
_signed_in: dict[tuple[str, str], Any] = {}


def sign_in(page: Page, system: System, email: str, path: str = "/") -> Page:
    """Open a page of the desk as somebody of the demo, who signs in once for all tests.

    Their phone shows digits for two sign-ins in half a minute: a third would wait for new ones.
    """
    page.context.add_cookies(_signed_in.get((system.desk, email), []))
    page.goto(f"{system.desk}{path}")
    if "/account/login/" in page.url:
        page.goto(f"{system.desk}/account/login/?next={path}")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSPHRASE)
        page.keyboard.press("Enter")
        page.get_by_label("Code").fill(page.locator("#demo-code").inner_text())
        page.keyboard.press("Enter")
        # Signing out is offered on the page that asks for the code too: first that one must go.
        expect(page.locator("#demo-code")).to_have_count(0)
        expect(page.locator("form[action='/account/logout/']").first).to_be_attached()
        _signed_in[system.desk, email] = page.context.cookies()
    page.wait_for_load_state()  # keys are heard from then on
    return page


def newest_tip(system: System, tile: str) -> str:
    """Return the id of the tip that came in last with a tile.

    Others' crowds lie on the queue too, and whoever waits longest stands in front.
    """
    return _newest(system, "tile = %s", tile)


def newest_talk(system: System) -> str:
    """Return the id of the newest conversation of somebody who came to talk."""
    return _newest(system, "to_talk = %s", True)


def _newest(system: System, where: LiteralString, value: object) -> str:
    with system.sign_in(LoginRole.OWNER) as owner:
        row = owner.execute(
            f"SELECT id FROM tips_tip WHERE {where} ORDER BY received_at DESC, id LIMIT 1", [value]
        ).fetchone()
    assert row is not None
    return str(row[0])
