"""One of the two sites: `python -m upstander.command.web public|desk` (a granian server).

Access logs are never on: nothing of a reporter's request is written anywhere (promise 4).
"""

from __future__ import annotations

import importlib
import os
import resource
import sys
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server
from granian.server.common import AbstractServer

from upstander.command.errors import PlainError
from upstander.config import environment
from upstander.config.pdeath import die_with_parent, hide_memory
from upstander.config.proxies import has_tls, trusted_proxies

#: Connections open at once in one worker: those that ask for a page, the 200 live streams of a big
#: center, those that send nothing yet (ten seconds each), and at most ``front.slots.MOST`` that
#: send a body. Five times as many as those: whoever sends slowly never has the last one.
OPEN_REQUESTS = 16_000


def port_of(site: str) -> int:
    """The site's port from the environment."""
    return environment.number(f"UPSTANDER_{site.upper()}_PORT")


def listen_address() -> str:
    """The address both sites listen on: this machine's own, unless UPSTANDER_LISTEN says other."""
    return environment.given("UPSTANDER_LISTEN")


def worker_count(site: str) -> int:
    """How many processes serve the site: UPSTANDER_<SITE>_WORKERS, else by the processors."""
    named = environment.given(f"UPSTANDER_{site.upper()}_WORKERS")
    if named:
        return max(1, int(named))
    # The database and the other site need the rest; on two processors one process each.
    processors = len(os.sched_getaffinity(0))
    return max(1, min(8, processors // 2)) if site == "public" else max(1, min(4, processors // 4))


def load_application(target: str) -> Callable[..., Any]:
    """Load `module:name`. Runs in each of granian's workers, before anything else of ours.

    granian's master does not take its workers along when it is killed, hence the first line.
    """
    die_with_parent()
    hide_memory()
    _open_many()
    module, name = target.split(":")
    application: Callable[..., Any] = getattr(importlib.import_module(module), name)
    return application


def _open_many() -> None:
    """Let this process hold all its connections: a shell's or a service's own limit is 1,024."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class ProxyNotNamed(PlainError):
    """Behind the proxy as it is set, all reporters would count as one place."""


def check_proxies() -> None:
    """Look, before anything is started, whether the public site can tell places apart.

    Raises ProxyNotNamed.
    """
    try:
        trusted_proxies(environment.everything(), tls=has_tls(environment.everything()))
    except ImproperlyConfigured as wrong:
        raise ProxyNotNamed(str(wrong)) from wrong


def server_of(target: str, *, address: str, port: int, workers: int = 1) -> AbstractServer[Any]:
    """Return the server of an ASGI application, ``module:name``, as both sites have it."""
    return Server(
        target,
        address=address,
        port=port,
        interface=Interfaces.ASGINL,
        workers=workers,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        backlog=2048,
        backpressure=OPEN_REQUESTS,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        # An open live stream would hold up the end for ever.
        workers_kill_timeout=2,
    )


def main(site: str) -> None:
    """Serve one site until SIGTERM. Raises ProxyNotNamed."""
    if site == "public":
        check_proxies()
    environment.settings_for(site)
    # Here, since ports.py asks this module for the addresses.
    from upstander.command.ports import ends_if_taken  # noqa: PLC0415

    server = server_of(
        f"upstander.config.asgi_{site}:application",
        address=listen_address(),
        port=port_of(site),
        workers=worker_count(site),
    )
    with ends_if_taken(site):
        server.serve(target_loader=load_application)


if __name__ == "__main__":
    main(sys.argv[1])
