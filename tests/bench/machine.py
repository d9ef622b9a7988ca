"""What a run was measured on, and how much of the machine others used meanwhile."""

from __future__ import annotations

import os
import platform
import time
from pathlib import Path


def describe() -> str:
    """Return processor, system and Python in one line."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    models = [line.split(":", 1)[1].strip() for line in info.splitlines() if "model name" in line]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} × {models[0] if models else platform.machine()}, "
        f"{memory:.0f} GiB, Linux {platform.release()}, Python {platform.python_version()}"
    )


def busy_seconds() -> float:
    """Return the processor seconds that all of the machine has used so far."""
    fields = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _wait, irq, soft, steal = map(int, fields[:8])
    return (user + nice + system + irq + soft + steal) / os.sysconf("SC_CLK_TCK")


class Others:
    """How many processors everybody else kept busy during a stretch of the measurement."""

    def __init__(self) -> None:
        self._busy, self._begun = busy_seconds(), time.monotonic()

    def processors(self, ours: float) -> float:
        """Return how many, ``ours`` being the processor seconds that are accounted for."""
        wall = time.monotonic() - self._begun
        return max(0.0, busy_seconds() - self._busy - ours) / wall
