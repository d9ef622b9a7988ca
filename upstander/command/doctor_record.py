"""What `upstander doctor` says of the record: sealed, checked, and kept outside."""

from __future__ import annotations

import time
from collections.abc import Iterator

from upstander.command.audit import VERIFIED
from upstander.command.finding import Finding
from upstander.command.restore import RESTORED
from upstander.command.serve import demo_mark
from upstander.config import environment
from upstander.config.home import Home

#: Seconds: the worker seals three times a minute, and lags while an old transaction is open.
SEALING_LIMIT = 120.0
#: Days that the last check of the whole record may be old; `upstander serve` does one each day.
CHECK_LIMIT_DAYS = 3.0


def check_record(home: Home) -> Iterator[Finding]:
    """The record is sealed and checked, and its checkpoints go outside."""
    refused, sealed = home.record / "refused", home.record / "sealed"
    if refused.exists():
        mend = "docs/how-to/verify-the-record.md: nothing is sealed until somebody has looked"
        yield Finding("record", refused.read_text("utf-8"), mend)
    elif sealed.exists():
        age = time.time() - sealed.stat().st_mtime
        late = "see the worker's log" if age > SEALING_LIMIT else ""
        yield Finding("record", f"sealed {age:.0f} s ago", late)
    yield _checked(home)
    restored = home.record / RESTORED
    if restored.exists():
        mend = "docs/how-to/after-a-restore.md; then `upstander confirm-restore`"
        yield Finding("restored backup", restored.read_text("utf-8"), mend)
    if demo_mark(home):
        return
    given = environment.given("UPSTANDER_RECORD_MAIL") or environment.given(
        "UPSTANDER_RECORD_FOLDERS"
    )
    yield Finding(
        "nightly checkpoints",
        "go outside" if given else "stay on this machine",
        ""
        if given
        else "set UPSTANDER_RECORD_MAIL or UPSTANDER_RECORD_FOLDERS to somebody outside",
    )
    left_out = home.record / "left-out"
    if left_out.exists():
        mend = "see the worker's log for who; the others have theirs"
        yield Finding("nightly checkpoints", left_out.read_text("utf-8"), mend)


def _checked(home: Home) -> Finding:
    """Say how the record was when all of it was last held against what was sealed."""
    what, verified = "record's check", home.record / VERIFIED
    # Where nothing was ever checked, its key says since when there was something to check.
    since = verified if verified.exists() else home.keys / "checkpoint-verify"
    days = (time.time() - since.stat().st_mtime) / 86_400 if since.exists() else 0.0
    late = "run `upstander audit verify` each night" if days > CHECK_LIMIT_DAYS else ""
    if not verified.exists():
        return Finding(what, "not done yet; `upstander serve` does it each day", late)
    if says := verified.read_text("utf-8").strip():
        return Finding(what, says, "docs/how-to/verify-the-record.md, before any repair")
    return Finding(what, f"whole, {days:.0f} days ago" if days >= 1 else "whole", late)
