"""A bruise, reported within both clocks while the principal is the accused; and who checks it.

A teacher on a cracked phone goes from "I suspect" to the written report that was sent; the
district's office sees it, the principal sees nothing; an outside monitor takes the proof home.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PHONE, sideways
from upstander.ui.tests.barriers import barriers

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]

PRINCIPAL, NAME, CHILD = "Paula Renner", "Nell", "grade 9, room 12, red jacket"
FIRST_WORDS = "She grabbed me again."
#: What the law leaves from the first word to the written report is days; this is one sitting.
FIVE_MINUTES = 300


def sound(page: Page) -> None:
    """Find no barrier, and nothing wider than the window."""
    assert sideways(page) == 0
    assert barriers(page) == []


def test_from_suspicion_to_the_sent_report_while_the_principal_is_accused(
    desk: Callable[..., Page],
) -> None:
    began = time.monotonic()
    terry = desk("terry@maple.example", "/suspect", viewport=PHONE)
    expect(terry.get_by_role("link", name=re.compile("911")).first).to_be_visible()
    terry.get_by_text("Suspected abuse of a child by a school employee").first.click()
    terry.get_by_label("The child’s own first words, exactly").fill(FIRST_WORDS)
    terry.get_by_text("More, if you know it").click()
    terry.get_by_label(re.compile("The child’s name")).fill(NAME)
    terry.get_by_label(re.compile("Which child")).fill(CHILD)
    # A list that stays shut names nobody: without an answer there is no report yet.
    terry.locator("label:has([name=since][value=now])").click()
    terry.get_by_role("button", name="I suspect: begin my report").click()
    expect(terry.get_by_role("heading", name="1. Report now")).to_have_count(0)
    expect(terry.get_by_label("The child’s own first words, exactly")).to_have_value(FIRST_WORDS)
    terry.get_by_role("group", name="Who on staff is it about?").get_by_text(
        "Someone I choose"
    ).click()
    choose = terry.get_by_role("group", name="Choose every staff member it is about")
    if not choose.is_visible():
        terry.get_by_text("Choose them from the list").click()
    choose.get_by_text(PRINCIPAL).click()
    sound(terry)
    terry.get_by_role("button", name="I suspect: begin my report").click()

    # The call first: its number is a link, and only then is it written down.
    expect(terry.get_by_role("heading", name="1. Report now")).to_be_visible()
    expect(terry.locator("main a[href^='tel:']").first).to_be_visible()
    duty = terry.url.rsplit("/", 1)[1]
    sound(terry)
    terry.get_by_label(re.compile("Careline")).first.check()
    terry.get_by_label("Name of the person you spoke with").fill("M. Example")
    terry.get_by_role("button", name="I have reported").click()

    # What is known is filled in; what isn't stops nothing; a typed name signs it.
    expect(terry.get_by_role("heading", name="3. The written report")).to_be_visible()
    terry.goto(f"/duties/{duty}/written")
    # A name is a name; how one finds the child is none.
    expect(terry.locator(f"input[value='{NAME}']").first).to_be_attached()
    expect(terry.locator(f"input[value='{CHILD}']")).to_have_count(0)
    sound(terry)
    terry.locator("[name=typed]").fill("Terry Voss")
    terry.get_by_role("button", name="Sign", exact=True).click()
    with terry.expect_download() as taken:
        terry.get_by_role("link", name=re.compile("Download the PDF")).click()
    assert Path(taken.value.path()).read_bytes().startswith(b"%PDF")
    terry.get_by_label("How was it sent?").fill("Fax")
    terry.get_by_role("button", name="I have sent it").click()
    expect(terry.get_by_text("Both reports are made").first).to_be_visible()
    sound(terry)
    assert time.monotonic() - began < FIVE_MINUTES

    cleo = desk("cleo@maple.example", "/ledger", viewport=PHONE)
    expect(cleo.locator(f"a[href*='{duty}']").first).to_be_visible()
    sound(cleo)
    paula = desk("paula@maple.example", "/ledger", viewport=PHONE)
    for path in ("/ledger", "/duties", "/outbox", "/"):
        paula.goto(path)
        assert duty not in paula.content()
        assert CHILD not in paula.content()
    answer = paula.goto(f"/duties/{duty}")
    assert answer is not None
    assert answer.status == 404


def test_a_monitor_proves_a_duty_at_home(desk: Callable[..., Page], tmp_path: Path) -> None:
    mona = desk("monitor@childadvocate.example", "/monitor", viewport=PHONE)
    sound(mona)
    assert "Terry" not in mona.locator("main").inner_text()

    def save(link: str) -> Path:
        with mona.expect_download() as download:
            mona.get_by_role("link", name=link).first.click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        return file

    mona.goto(mona.locator("main a[href$='/proofs']").last.get_attribute("href") or "")
    sound(mona)
    proof = save("Download the proof")
    mona.goto("/record/sealing")
    key, verifier, checkpoint = (
        save("Save the key"),
        save("Save the verifier"),
        save("Save the checkpoint"),
    )

    def verify(*arguments: object) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", "-S", verifier, *map(str, arguments), "--key", key],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    assert verify("checkpoint", checkpoint)[1].startswith("genuine: ")
    assert verify("proof", proof)[1].startswith("proved: ")
    # Another action in the entry, as somebody would write who wants it to say something else.
    head, extra, rest = proof.read_text("utf-8").split("\n", 2)
    entry = json.loads(base64.b64decode(extra.removeprefix("extra ")))
    forged = base64.b64encode(json.dumps({**entry, "action": "duty: written"}).encode()).decode()
    proof.write_text(f"{head}\nextra {forged}\n{rest}", "utf-8")
    assert verify("proof", proof)[0] == 1
