"""The sites' ports: looked at before anything starts, and held against a second system.

Between that look and the moment when a site listens lie seconds of preparing. Two systems that
start at once settle it by a name; any other program that comes between is found by the site itself.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
from collections.abc import Iterator
from typing import Final

from upstander.command.errors import CannotServe
from upstander.command.web import listen_address, port_of

#: Exit status of a site that found its port taken (sysexits.h).
TAKEN: Final = os.EX_UNAVAILABLE


def in_use(site: str, why: str = "Address already in use") -> str:
    """Return the line that says so, and what to do."""
    return (
        f"port {port_of(site)} is in use ({why}). Stop what uses it, or choose another: "
        f"UPSTANDER_{site.upper()}_PORT=8100"
    )


def free_port(site: str) -> None:
    """Raise CannotServe if somebody listens on the site's port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listen_address(), port_of(site)))
        except OSError as taken:
            raise CannotServe(in_use(site, taken.strerror or str(taken))) from None


@contextlib.contextmanager
def held(*sites: str) -> Iterator[None]:
    """Keep the sites' ports from other systems of ours for a block. Raises CannotServe.

    Held is an abstract name of a socket (unix(7)), not the port, which its site must be able to
    take: such a name is seen wherever the port is, and goes with this process however it ends.
    """
    with contextlib.ExitStack() as names:
        for site in sites:
            name = names.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
            try:
                name.bind(f"\0upstander port {listen_address()} {port_of(site)}")
            except OSError as taken:
                if taken.errno != errno.EADDRINUSE:
                    raise
                raise CannotServe(in_use(site, "another upstander starts or runs on it")) from None
        yield


@contextlib.contextmanager
def ends_if_taken(site: str) -> Iterator[None]:
    """Let a site that can't have its port end with one plain line and the status TAKEN."""
    try:
        yield
    except (OSError, RuntimeError) as failed:
        # granian has the number in its words alone.
        number = getattr(failed, "errno", None)
        if number != errno.EADDRINUSE and f"(os error {errno.EADDRINUSE})" not in str(failed):
            raise
        print(in_use(site), file=sys.stderr, flush=True)
        sys.exit(TAKEN)
