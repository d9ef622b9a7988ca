"""Walls around the child that opens files from strangers.

Decoders of pictures are where phones get broken into. The child gets its bytes through a pipe and
gives its result through a pipe; it can open nothing, connect to nothing, start nothing, and it ends
after a while. Each wall holds alone if another is missing on some kernel.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
import sys
from typing import Final

#: Address space: one large picture decoded, turned and written, or one PDF of 100 MB twice.
MEMORY_BYTES: Final = 1536 * 1024 * 1024
CPU_SECONDS: Final = 40
_NOBODY: Final = 65534
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
#: The third version of the call, with 64 capabilities (capset(2)).
_CAPABILITIES: Final = 0x20080522
#: The same on every architecture of Linux (landlock(7)).
_CREATE_RULESET, _RESTRICT_SELF = 444, 446


def confine(parent: int) -> None:
    """Shut this process in for good. ``parent`` is the id of the process that started it.

    Raises OSError when a wall that every Linux has cannot be put up; those that depend on the
    kernel (namespaces, Landlock, another account) are put up where it allows them.
    """
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),  # a dump of memory would lie in clear on the disk
    ):
        resource.setrlimit(limit, (value, value))
    if sys.platform == "linux":
        _linux(parent)
    # Last, for the walls above need a descriptor or two: nothing more can be opened.
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def _linux(parent: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")  # if memory runs out, this process is the one to go
    root = os.geteuid() == 0
    alone = os.CLONE_NEWNET | os.CLONE_NEWIPC
    with contextlib.suppress(OSError):
        os.unshare(alone if root else alone | os.CLONE_NEWUSER)
    if root:
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setresgid(_NOBODY, _NOBODY, _NOBODY)
            os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    # After the change of account, which takes these back.
    _prctl(libc, _PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)  # it ended before the kernel was asked
    _prctl(libc, _PR_SET_DUMPABLE, 0)
    _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1)
    # A namespace of one's own comes with all capabilities in it, and with them a wide way into the
    # kernel: they go.
    head, nothing = struct.pack("=Ii", _CAPABILITIES, 0), bytes(24)
    if libc.capset(head, nothing) != 0:
        raise OSError(ctypes.get_errno(), "capabilities could not be dropped")
    _landlock(libc)


def _prctl(libc: ctypes.CDLL, option: int, value: int) -> None:
    if libc.prctl(option, value, 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _landlock(libc: ctypes.CDLL) -> None:
    """Forbid all files, TCP, and signals and sockets to other processes."""
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    if version < 1:
        return
    files = (1 << (13, 14, 15, 15, 16)[min(version, 5) - 1]) - 1
    net = 3 if version >= 4 else 0
    scoped = 3 if version >= 6 else 0
    rules = struct.pack("=QQQ", files, net, scoped)
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = libc.syscall(_CREATE_RULESET, rules, ctypes.c_size_t(size), ctypes.c_uint(0))
    if ruleset < 0:
        return
    libc.syscall(_RESTRICT_SELF, ruleset, ctypes.c_uint(0))
    os.close(ruleset)
