"""What of the desk broke: kept as a file's time, for the desk's own sign of life to say.

A file, since the database may be why; and not in memory, since a site has several processes.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

log = logging.getLogger("upstander.watch")


@dataclass(frozen=True)
class Mark:
    """One kind of failure on this machine."""

    name: str
    #: Among the sites that the watch asks for.
    site: str
    #: What the desk's ``/healthz`` says then, beside that it lives.
    said: bytes
    #: Seconds for which one failure counts.
    lately: float
    words: str | Promise

    @property
    def file(self) -> Path:
        """Return the file whose time is that of the last failure."""
        return Path(settings.HOME.run) / self.name

    def note(self, **_: object) -> None:
        """Keep that it fails at this moment (also as Django's signal); what failed is in the log.

        A disk that doesn't take it is logged, and no more.
        """
        try:
            self.file.touch()
        except OSError as error:
            log.warning("that the desk fails can't be kept: %s", type(error).__name__)

    def stands(self) -> bool:
        """Tell whether it failed lately."""
        try:
            return time.time() - self.file.stat().st_mtime < self.lately
        except OSError:
            return False


PAGES: Final = Mark(
    "desk.failed",
    "desk pages",
    b"pages fail",
    300.0,
    gettext_lazy("Staff pages are failing: one broke in the last five minutes"),
)
#: Noted anew every minute for as long as it lasts (``signing_in.py``).
SIGN_IN: Final = Mark(
    "desk.sign-in-failed",
    "desk sign-in",
    b"sign-in fails",
    150.0,
    gettext_lazy("No one can sign in to the desk: restart it"),
)
MARKS: Final = {mark.site: mark for mark in (PAGES, SIGN_IN)}
