"""Signing in with a passkey, inviting and joining, and the administrator's pages."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from tests.servers import System
from upstander.command.demo_data import PASSPHRASE
from upstander.config.database import Role
from upstander.ui.tests.barriers import barriers, sideways

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]


@pytest.fixture
def page(system: System, chromium: Browser) -> Iterator[Page]:
    """A browser at the desk; whatever its console complains of fails the test."""
    context = chromium.new_context(base_url=system.desk, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def first_step(page: Page, email: str) -> None:
    """Give email and password."""
    page.goto("/account/login/?next=/people/me/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSPHRASE)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile("/account/2fa/authenticate/"))


def second_step(page: Page) -> None:
    """Give the digits that the demo shows."""
    digits = page.locator("#demo-code").inner_text()
    page.get_by_label("Code").fill(digits)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def sign_in(page: Page, email: str) -> None:
    """Sign in with password and digits."""
    first_step(page, email)
    second_step(page)


def sound(page: Page) -> None:
    """Find no barrier on the page, at a desk's width and at a phone's."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        assert barriers(page) == []
        assert sideways(page) <= 0, page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_passkey_is_a_second_step(page: Page) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page.goto("/account/login/")
    sound(page)
    first_step(page, "ruth@lakeside.example")
    sound(page)
    second_step(page)
    page.goto("/account/2fa/passkeys/add/")
    expect(page.get_by_role("heading", name="Confirm it’s you")).to_be_visible()
    sound(page)
    page.get_by_label("Password").fill(PASSPHRASE)
    page.get_by_role("button", name="Continue").click()
    sound(page)
    page.get_by_label("Name").fill("The night desk's key")
    page.get_by_role("button", name="Add it").click()
    expect(page).to_have_url(re.compile("/account/2fa/codes/"))
    sound(page)
    page.goto("/account/2fa/passkeys/")
    expect(page.get_by_text("The night desk's key")).to_be_visible()
    sound(page)
    for path in ("/account/2fa/", "/people/me/", "/account/password/change/"):
        page.goto(path)
        sound(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="Sign out", exact=True).first.click()
    first_step(page, "ruth@lakeside.example")
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def lose_the_password(system: System, page: Page, email: str, secret: str, code: str) -> None:
    """Reset a password by mail, find the keys locked, and open them with the printed code."""
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("link", name="I forgot my password").click()
    sound(page)
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Send the link").click()
    sound(page)
    page.goto(link_in_mail(system, email, r"/account/password/reset/key/\S+"))
    sound(page)
    page.get_by_label("New Password", exact=False).first.fill("lanterns over other water")
    page.get_by_label("New Password (again)").fill("lanterns over other water")
    page.get_by_role("button", name="Set this password").click()
    sound(page)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill("lanterns over other water")
    page.get_by_role("button", name="Sign in").click()
    # The code of this half minute was used to set the app up.
    page.get_by_label("Code").fill(digits(secret, later=1))
    page.get_by_role("button", name="Sign in").click()
    page.goto("/people/unlock/")
    sound(page)
    page.get_by_label("Your recovery code").fill(code.lower())
    page.get_by_label("Your password").fill("lanterns over other water")
    page.get_by_role("button", name="Unlock my keys").click()
    expect(page.get_by_text("Your keys are unlocked.")).to_be_visible()
    sound(page)


def link_in_mail(system: System, email: str, pattern: str) -> str:
    """Return the link of a mail that the demo kept, the newest first."""
    with system.sign_in(Role.OWNER) as database:
        rows = database.execute(
            'SELECT body FROM carriers_outboxmail WHERE "to" = %s ORDER BY id DESC', [email]
        ).fetchall()
    found = next((link for (body,) in rows if (link := re.search(pattern, body))), None)
    assert found is not None
    return found[0]


def digits(secret: str, *, later: int = 0) -> str:
    """Return what an authenticator app shows now, or some half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later)))


def test_a_lead_invites_and_the_newcomer_joins(
    system: System, page: Page, chromium: Browser
) -> None:
    sign_in(page, "miriam@maple.example")
    page.goto("/people/teams/")
    sound(page)
    page.get_by_role("link", name="Invite someone").click()
    sound(page)
    page.get_by_label("Work email").fill("vera@maple.example")
    page.get_by_label("Role").select_option("team_member")
    page.get_by_role("button", name="Send the invitation").click()
    words = page.locator("#words").inner_text()
    sound(page)
    link = link_in_mail(system, "vera@maple.example", r"/people/join/[\w-]+/")
    elsewhere = chromium.new_context(base_url=system.desk)
    newcomer = elsewhere.new_page()
    newcomer.goto(link)
    sound(newcomer)
    newcomer.get_by_label("The four words").fill(words)
    newcomer.get_by_label("Your name").fill("Vera Moss")
    newcomer.get_by_label("Phone").fill("(555) 010-0188")
    passphrase = newcomer.locator("#offer").inner_text()
    newcomer.get_by_label("Choose a password").fill(passphrase)
    newcomer.get_by_role("button", name="Join").click()
    code = newcomer.locator("#recovery-code").inner_text()
    sound(newcomer)
    newcomer.get_by_role("link", name="Sign in").click()
    newcomer.get_by_label("Email").fill("vera@maple.example")
    newcomer.get_by_label("Password").fill(passphrase)
    newcomer.get_by_role("button", name="Sign in").click()
    expect(newcomer.get_by_role("heading", name="Confirm it’s you")).to_be_visible()
    newcomer.get_by_label("Password").fill(passphrase)
    newcomer.get_by_role("button", name="Continue").click()
    sound(newcomer)
    secret = newcomer.get_by_role("code").inner_text()
    newcomer.get_by_label("Authenticator code").fill(digits(secret))
    newcomer.get_by_role("button", name="Continue").click()
    expect(newcomer.get_by_role("heading", name="Backup codes")).to_be_visible()
    newcomer.goto("/people/me/")
    expect(newcomer.get_by_text("Unlocked on this device")).to_be_visible()
    lose_the_password(system, newcomer, "vera@maple.example", secret, code)
    elsewhere.close()
    page.goto("/people/teams/")
    expect(page.get_by_role("rowheader", name="Vera Moss")).to_be_visible()
