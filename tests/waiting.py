"""How tests wait: until a condition holds, with one cap for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

#: Seconds after which a wait is given up, in every test: what comes in a second on a quiet machine
#: is there long before on any other. How fast things are, `make bench` measures.
PATIENCE: Final = 90.0


def until(check: Callable[[], Any], *, pause: float = 0.02) -> bool:
    """Wait until ``check`` says yes, and look again after so many seconds; False once given up."""
    deadline = time.monotonic() + PATIENCE
    while not (said := check()) and time.monotonic() < deadline:
        time.sleep(pause)
    return bool(said)


def until_all(count: Callable[[], int], whole: int, *, pause: float = 0.1) -> int:
    """Wait until ``count`` is so high, and give up where it does not grow; the last count."""
    now = count()
    while now < whole and until(lambda before=now: count() > before, pause=pause):  # type: ignore[misc]
        now = count()
    return now
