"""Turns into a program that may enter no user namespace: `python refused.py PROGRAM ARGUMENTS`.

Root in a container is refused like that. Here it is root of a namespace with all the machine's
accounts, in which no further one is allowed; nothing outside of it changes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main() -> None:
    """Have all accounts mapped by a child that stayed outside, forbid namespaces, and go on."""
    parent = os.getpid()
    entered, ask = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ask)
        if os.read(entered, 1) == b"x":
            for kind in ("uid_map", "gid_map"):
                Path(f"/proc/{parent}/{kind}").write_text("0 0 4294967295", encoding="ascii")
        os._exit(0)
    try:
        os.unshare(os.CLONE_NEWUSER)
    except OSError:
        # Refused already: that is what was wanted.
        os.close(ask)
        os.waitpid(child, 0)
    else:
        os.write(ask, b"x")
        os.waitpid(child, 0)
        Path("/proc/sys/user/max_user_namespaces").write_text("0", encoding="ascii")
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main()
