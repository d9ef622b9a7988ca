"""Turns into a program that may enter no user namespace: `python refused.py PROGRAM ARGUMENTS`.

Root in a container is refused like that. Here it is root of a namespace with all the machine's
accounts, in which no further one is allowed; nothing outside of it changes.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

#: Maps the accounts of the process named first, once it is told that it has entered.
_MAP = """
import sys
if sys.stdin.read(1) == "x":
    for kind in ("uid_map", "gid_map"):
        with open(f"/proc/{sys.argv[1]}/{kind}", "w") as file:
            file.write("0 0 4294967295")
"""


def main() -> None:
    """Have all accounts mapped by a child that stayed outside, forbid namespaces, and go on."""
    command = [sys.executable, "-c", _MAP, str(os.getpid())]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
    try:
        os.unshare(os.CLONE_NEWUSER)
    except OSError:
        # Refused already: that is what was wanted.
        child.communicate("")
    else:
        child.communicate("x")
        Path("/proc/sys/user/max_user_namespaces").write_text("0", encoding="ascii")
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main()
