"""Whether somebody could sign in: each process of the desk tries it on itself once a minute.

Argon2id can hang or run out of memory while every page of who is signed in still shows: nobody
would notice until the next one comes. Once may be a busy machine, so twice in a row counts.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings

from upstander.people.turns import desk_turns
from upstander.vault.passwords import new_salt, password_keys
from upstander.watch.failed import SIGN_IN

log = logging.getLogger("upstander.watch")

#: Seconds between two tries, and how long one may take.
EVERY: Final = 60.0
DEADLINE: Final = 20.0


def throwaway() -> None:
    """Put a password that is nobody's through Argon2id, in turn. Raises Busy, MemoryError."""
    with desk_turns().taken("the desk itself", known=True):
        password_keys(secrets.token_urlsafe(16), new_salt(), settings.PASSWORD_PEPPER)


class Check:
    """What one process knows from one try to the next."""

    def __init__(self) -> None:
        self._failed = 0

    def once(
        self, attempt: Callable[[], object] = throwaway, *, deadline: float = DEADLINE
    ) -> None:
        """Try it for so many seconds; at the second failure in a row note it.

        An attempt that hangs is left behind.
        """
        ended = threading.Event()

        def run() -> None:
            try:
                attempt()
                ended.set()
            except Exception:
                log.exception("a throwaway password could not be derived")

        threading.Thread(target=run, name="sign-in try", daemon=True).start()
        self._failed = 0 if ended.wait(deadline) else self._failed + 1
        if self._failed > 1:
            SIGN_IN.note()


def begin() -> None:
    """Check once a minute from now on, in a thread of its own."""
    check = Check()

    def run() -> None:
        while True:
            check.once()
            time.sleep(EVERY)

    threading.Thread(target=run, name="sign-in check", daemon=True).start()
