"""Dying with the parent, so that a killed supervisor leaves no process behind.

Linux sends a chosen signal to a process when the thread that started it ends
(`PR_SET_PDEATHSIG`, prctl(2)). A supervisor killed with SIGKILL can run no code, so the kernel must
do it. Call these at the start of each child, and start children from the main thread only.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from multiprocessing import parent_process

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4


def _prctl(option: int, value: int) -> None:
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def die_with_parent(parent: int | None = None, *, how: signal.Signals = signal.SIGKILL) -> None:
    """Ask the kernel to send `how` to this process when its parent ends.

    `parent` is the process id that the parent had when it started us; if it has ended meanwhile
    (before the kernel was asked), this process ends at once. Without it, multiprocessing's record
    of the parent is used, if there is one: so a web server's worker can call it in its app module.
    """
    _prctl(PR_SET_PDEATHSIG, how)
    if parent is None:
        started_by = parent_process()
        parent = started_by.pid if started_by else None
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def hide_memory() -> None:
    """Forbid core dumps and other processes of this account to read this one's memory."""
    _prctl(PR_SET_DUMPABLE, 0)
