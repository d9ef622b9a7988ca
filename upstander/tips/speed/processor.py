"""Keeping a process on one processor, so that what it needs stays in that processor's caches.

A page of the public site goes through three threads of one interpreter, of which one runs at a
time. Left to itself the kernel moves them between processors with each change of hands, and each
finds the other's caches cold: a tip costs the processor a fifth more (docs/performance.md). So each
of the site's processes takes one for itself, as nginx does with ``worker_cpu_affinity``; whoever
else runs there is moved away by the kernel when another is free.
"""

from __future__ import annotations

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

#: The processors this process could use before it took one; empty while it has taken none.
_all: set[int] = set()
#: Held as long as the process lives: the kernel frees the name with it, however it ends.
_held: list[socket.socket] = []


def take_one(family: str = "upstander") -> int | None:
    """Keep this thread, and those it starts, on a processor that no other of the family has.

    Returns its number; None when there is one only, or when all are taken.
    """
    if sys.platform != "linux":
        return None
    ours = os.sched_getaffinity(0)
    if len(ours) < 2:
        return None
    for processor in sorted(ours, key=lambda number: (not _is_first_of_core(number), number)):
        # A name in the kernel, which belongs to the machine (or container), not to one system's
        # folder: two systems on one machine must not take the same.
        mark = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            mark.bind(f"\0{family}/processor/{processor}")
        except OSError:
            mark.close()
            continue
        try:
            os.sched_setaffinity(0, {processor})
        except OSError:  # taken from us meanwhile, or a sandbox that forbids it
            mark.close()
            return None
        _held.append(mark)
        _all.update(ours)
        return processor
    return None


def spread() -> None:
    """Let the calling thread, and processes it starts, run anywhere again: for long work."""
    if _all:
        # Where it can't be, the thread works where it is.
        with suppress(OSError):
            os.sched_setaffinity(0, _all)


def _is_first_of_core(processor: int) -> bool:
    """Whether this is the first of those that share a core, or it can't be known."""
    path = Path(f"/sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list")
    try:
        siblings = path.read_text(encoding="ascii")
    except OSError:
        return True
    first = siblings.replace("-", ",").partition(",")[0].strip()
    return not first.isdigit() or int(first) == processor
