"""That a page of the desk broke: kept as a file's time, for the desk's own sign of life to say.

A file, since the database may be why; and not in memory, since a site has several processes.
"""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Final

from django.conf import settings

log = logging.getLogger("upstander.watch")

#: Seconds for which a page that broke counts.
LATELY: Final = 300.0
#: What the desk's ``/healthz`` says then, beside that it lives.
SAID: Final = b"pages fail"


def mark() -> Path:
    """Return the file whose time is that of the last page that broke on this machine."""
    return Path(settings.HOME.run) / "desk.failed"


def note(**_: object) -> None:
    """Keep that a page breaks at this moment (Django's signal); which one stands in the log."""
    try:
        mark().touch()
    except OSError as error:
        log.warning("that a page broke can't be kept: %s", type(error).__name__)


def lately() -> bool:
    """Tell whether a page broke in the last minutes."""
    try:
        return time.time() - mark().stat().st_mtime < LATELY
    except OSError:
        return False
