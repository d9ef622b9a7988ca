"""What falls due by itself: sealing, and giving the night's checkpoint away."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from django.conf import settings

from upstander.audit.giving import give_next
from upstander.audit.sealing import BATCH, SealRefused, seal
from upstander.audit.signing import signer
from upstander.base.moment import database_now

#: Seconds from one sealing to the next; the promise is a minute.
EVERY = 20.0
#: Seconds until what could not be given away is tried again.
AGAIN = 300.0

#: Beside the last checkpoint: who should have the night's and has not, since it was written.
LEFT_OUT = "left-out"

log = logging.getLogger("upstander.audit")
_last: dict[str, float] = {}


def sweep_seal() -> int:
    """Seal one batch of entries; return how many. Run by the worker, which asks every second.

    A full batch means that more waits, and the next one follows at once. What must not be signed is
    told to the log and, for `upstander doctor`, to a file beside the last checkpoint.
    """
    if not _is_due("seal", EVERY):
        return 0
    folder = settings.HOME.record
    refusal = folder / "refused"
    try:
        done = seal(signer(), folder / "checkpoint", database_now())
    except SealRefused as refused:
        log.error("the record is not sealed anymore: %s", refused)
        _tell(refusal, str(refused))
        return 0
    refusal.unlink(missing_ok=True)
    _tell(folder / "sealed", "")
    if done == BATCH:
        _last.pop("seal")
    return done


def sweep_give() -> int:
    """Give the oldest nightly checkpoint that is still to be given away; 1 if one was."""
    if not _is_due("give", EVERY):
        return 0
    left_out = settings.HOME.record / LEFT_OUT
    try:
        given = int(give_next(database_now()))
    except OSError as error:
        # A folder that isn't mounted, a mail server that is away (its errors are OSErrors too).
        log.warning("the night's checkpoint was not given away: %s", error)
        if not left_out.exists():
            # Its age says since when.
            _tell(left_out, str(error))
        _last["give"] = time.monotonic() + AGAIN - EVERY
        return 0
    left_out.unlink(missing_ok=True)
    return given


def _is_due(what: str, every: float) -> bool:
    now = time.monotonic()
    if what in _last and now - _last[what] < every:
        return False
    _last[what] = now
    return True


def _tell(file: Path, text: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
