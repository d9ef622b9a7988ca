"""Whoever watches from outside: takes four files home, and checks them with Python alone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.conftest import sideways


def test_a_monitor_verifies_the_record_at_home(desk: Callable[..., Page], tmp_path: Path) -> None:
    page = desk("ruth@lakeside.example", "/record/sealing")
    expect(page.get_by_role("heading", name="How the record is sealed")).to_be_visible()
    assert sideways(page) == 0

    def save(link: str) -> Path:
        with page.expect_download() as download:
            page.get_by_role("link", name=link, exact=True).click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        return file

    key, verifier = save("Save the key"), save("Save the verifier")
    checkpoint = save("Save the checkpoint")
    # All of its parts: the record grows while others work.
    parts = page.get_by_role("link", name=re.compile(r"^from \d+$")).all_inner_texts()
    records = [save(part) for part in parts]
    record = records[0]
    page.goto("/record")
    with page.expect_download() as download:
        page.get_by_role("link", name="proof").last.click()
    proof = tmp_path / "one.tlog-proof"
    download.value.save_as(proof)

    def verify(*arguments: object) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-I", "-S", verifier, *map(str, arguments), "--key", key],
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    assert verify("record", *records, "--kept", checkpoint) == (0, "the record is whole\n")
    assert verify("checkpoint", checkpoint)[1].startswith("genuine: ")
    assert verify("proof", proof)[1].startswith("proved: ")
    # One letter of one entry, changed at home or on the way.
    text = record.read_text("utf-8")
    assert "tip filed" in text
    record.write_text(text.replace("tip filed", "tip fined", 1), "utf-8")
    status, said = verify("record", *records)
    assert status == 1
    assert said.startswith("CHANGED: entry ")
