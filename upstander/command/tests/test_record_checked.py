"""How the record is, by the files beside its last checkpoint: what the doctor says of them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from upstander.command.doctor_record import check_record
from upstander.command.serve import CHECK_EVERY, not_within
from upstander.config.home import Home

DAY = 86_400


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "h").ensure()
    home.record.mkdir(exist_ok=True)
    (home.keys / "checkpoint-verify").write_text("key")
    return home


def said(home: Home) -> tuple[str, bool]:
    """Return what is said of the check, and whether something is to be done about it."""
    [finding] = [one for one in check_record(home) if one.what == "record's check"]
    return finding.says, bool(finding.mend)


def aged(file: Path, days: float) -> None:
    then = time.time() - days * DAY
    os.utime(file, (then, then))


def test_a_new_system_has_time_and_an_old_one_that_nobody_checked_has_not(home: Home) -> None:
    assert said(home)[1] is False
    aged(home.keys / "checkpoint-verify", 4)
    assert said(home)[1] is True


def test_whole_whole_long_ago_and_changed(home: Home) -> None:
    verified = home.record / "verified"
    verified.write_text("")
    assert said(home) == ("whole", False)
    aged(verified, 4)
    assert said(home) == ("whole, 4 days ago", True)
    verified.write_text("CHANGED: entry 57: actor_id is 8, was sealed as 7\n")
    says, to_do = said(home)
    assert "entry 57" in says
    assert to_do


def test_it_is_due_once_a_day(home: Home) -> None:
    verified = home.record / "verified"
    assert not_within(verified, CHECK_EVERY)
    verified.write_text("")
    assert not not_within(verified, CHECK_EVERY)
    aged(verified, 1.01)
    assert not_within(verified, CHECK_EVERY)
