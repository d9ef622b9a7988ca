"""Turns into another program that dies with its parent, and that does not run as root.

`python -m upstander.command.launch --parent PID [--signal NAME] [--not-root | --as ACCOUNT] --
PROGRAM ARGUMENTS`

PostgreSQL refuses to run as root. With `--not-root`, root enters a user namespace of its own in
which it is called user 1: the program sees no root, gets no rights beyond the files of this
account, and what it writes still belongs to this account. Where the kernel refuses namespaces,
the caller falls back to `--as ACCOUNT`, and hands over what that one works on as open folders.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from upstander.config.pdeath import die_with_parent

CLONE_NEWUSER = 0x10000000
#: Exit status when no namespace could be entered (EX_NOPERM of sysexits.h).
NO_NAMESPACE = 77


def dying_with_us(*program: str, options: Sequence[str] = ()) -> list[str]:
    """The command line that runs `program` as a child that dies with this process.

    Start it from the main thread: the kernel watches the thread, not the process.
    """
    launcher = [sys.executable, "-m", "upstander.command.launch", "--parent", str(os.getpid())]
    return [*launcher, *options, "--", *program]


class NamespaceRefused(OSError):
    """The kernel lets this process enter no user namespace."""


def leave_root() -> None:
    """Enter a user namespace in which this account is user 1. Raises NamespaceRefused."""
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWUSER) != 0:
        number = ctypes.get_errno()
        raise NamespaceRefused(number, os.strerror(number))
    try:
        # The kernel wants setgroups(2) forbidden before a process may map its group.
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"1 {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"1 {group} 1", encoding="ascii")
    except OSError as refused:
        raise NamespaceRefused(refused.errno, refused.strerror) from refused


def become(account: str) -> None:
    """Become another account for good. Raises KeyError if there is none of that name."""
    entry = pwd.getpwnam(account)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)


def main() -> None:
    """Set up this process, then replace it by the program."""
    parser = argparse.ArgumentParser(prog="upstander.command.launch")
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--signal", default="SIGKILL")
    parser.add_argument("--not-root", action="store_true")
    parser.add_argument("--as", dest="account")
    parser.add_argument("program", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    program = given.program[1:] if given.program[:1] == ["--"] else given.program
    if given.not_root and os.geteuid() == 0:
        try:
            leave_root()
        except NamespaceRefused as refused:
            print(f"no user namespace: {refused}", file=sys.stderr)
            sys.exit(NO_NAMESPACE)
    if given.account:
        become(given.account)
    # After the change of credentials, since that makes the kernel forget the request.
    die_with_parent(given.parent, how=signal.Signals[given.signal])
    # A terminal's Ctrl-C goes to every process of its group; only the supervisor shall act on it.
    os.setpgid(0, 0)
    os.execvp(program[0], program)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main()
