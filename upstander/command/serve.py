"""`upstander serve` and `upstander demo`: everything under one supervisor."""

from __future__ import annotations

import time
from pathlib import Path

from upstander.command.audit import VERIFIED
from upstander.command.errors import CannotServe
from upstander.command.ports import free_port, held
from upstander.command.postgres import is_running
from upstander.command.prepare import prepare
from upstander.command.roles import create_roles
from upstander.command.setup import ensure_keys
from upstander.command.supervisor import (
    Errand,
    Program,
    Supervisor,
    answers,
    say,
)
from upstander.command.web import check_proxies, listen_address, port_of
from upstander.config import environment
from upstander.config.home import Home

#: Seconds between two checks of the whole record against what was sealed.
CHECK_EVERY = 86_400.0
MAIL_SECRETS = ("UPSTANDER_SMTP_USER", "UPSTANDER_SMTP_PASSWORD")


def demo_mark(home: Home) -> bool:
    """Whether this data folder holds made-up data (and may be filled with more of it)."""
    return (home.root / "demo").exists()


def not_within(file: Path, seconds: float) -> bool:
    """Whether a file was not written within so many seconds, or never."""
    try:
        return time.time() - file.stat().st_mtime >= seconds
    except FileNotFoundError:
        return True


def is_set_up(home: Home) -> bool:
    """Whether `init` or `demo` has been here."""
    return (home.passwords / "owner").exists()


def addresses() -> tuple[str, str]:
    """The two sites' addresses as people type them."""
    public = environment.given("UPSTANDER_PUBLIC_URL", f"http://127.0.0.1:{port_of('public')}")
    desk = environment.given("UPSTANDER_DESK_URL", f"http://localhost:{port_of('desk')}")
    return public, desk


def _sites(*, demo: bool) -> tuple[str, ...]:
    return ("public", "desk", "watch", "phones") if demo else ("public", "desk", "watch")


def _check_ports(home: Home, *, demo: bool, embedded: bool) -> None:
    sites = _sites(demo=demo)
    for site in sites:
        free_port(site)
    taken: dict[int, str] = {}
    for site in sites:
        other = taken.setdefault(port_of(site), site)
        if other != site:
            raise CannotServe(
                f"{other} and {site} need a port each: set UPSTANDER_{site.upper()}_PORT to another"
            )
    if embedded and is_running(home):
        raise CannotServe(
            f"another upstander runs on {home.root}; stop it, or choose another UPSTANDER_HOME"
        )


def serve(home: Home) -> None:
    """Run a system that was set up, until told to stop.

    Raises CannotServe, ProxyNotNamed or PostgresFailed.
    """
    if not is_set_up(home):
        raise CannotServe(f"nothing is set up in {home.root}: run `upstander init` first")
    _run(home, demo=demo_mark(home), fresh=False)


def demo(home: Home) -> None:
    """Set up and run a system with made-up people. Raises CannotServe or PostgresFailed."""
    if environment.given("DATABASE_URL"):
        raise CannotServe("the demo brings its own database: unset DATABASE_URL")
    if is_set_up(home) and not demo_mark(home):
        raise CannotServe(
            f"{home.root} holds a real system, and the demo would mix made-up people into it. "
            "Choose another folder: UPSTANDER_HOME=/tmp/upstander-demo"
        )
    home.ensure()
    (home.root / "demo").touch()
    _run(home, demo=True, fresh=True)


def _run(home: Home, *, demo: bool, fresh: bool) -> None:
    embedded = not environment.given("DATABASE_URL")
    check_proxies()
    _check_ports(home, demo=demo, embedded=embedded)
    with held(*_sites(demo=demo)):
        _run_on_ports(home, demo=demo, fresh=fresh, embedded=embedded)


def _run_on_ports(home: Home, *, demo: bool, fresh: bool, embedded: bool) -> None:
    own = {"UPSTANDER_HOME": str(home.root), **({"UPSTANDER_DEMO": "1"} if demo else {})}
    programs = [
        # The site that the internet talks to sends no mail.
        Program("public", "upstander.command.web", ("public",), own, MAIL_SECRETS),
        Program("desk", "upstander.command.web", ("desk",), own),
        Program("worker", "upstander.command.worker", (), own),
        Program("watch", "upstander.command.watch", (), own),
    ]
    if demo:
        # Two pretended providers, and the phones that they ring.
        where = (listen_address(), str(port_of("phones")), str(home.root / "phones.json"))
        programs.append(Program("phones", "upstander.carriers.simulator", where, own))
    check = Program(
        "the record's check", "upstander.command", ("audit", "verify", "--nightly"), own
    )
    # Nobody has to remember it: what was changed in the record shows by itself (promise 6).
    errands = [Errand(check, lambda: not_within(home.record / VERIFIED, CHECK_EVERY))]
    supervisor = Supervisor(home, programs, embedded=embedded, errands=errands)
    with supervisor.listening():
        try:
            say("starting the database ..." if embedded else "using the database of DATABASE_URL")
            supervisor.start_database()
            if fresh and supervisor.server is not None:
                ensure_keys(home)
                create_roles(supervisor.server.superuser_conninfo(), home)
            say("preparing ...")
            prepared = prepare(
                home, migrate=fresh, demo=fresh and demo, cancelled=lambda: supervisor.stopping
            )
            if prepared.pending:
                raise CannotServe(
                    f"{len(prepared.pending)} changes of the database wait: "
                    "run `upstander migrate` first"
                )

            # Preparing took seconds; what took a port meanwhile is told of before it is met.
            for site in _sites(demo=demo):
                free_port(site)

            def tell() -> None:
                public, desk = addresses()
                say(f"public site  {public}")
                say(f"staff desk   {desk}")
                say(f"health       http://127.0.0.1:{port_of('watch')}/health")
                if demo:
                    say(f"phones       http://127.0.0.1:{port_of('phones')}")
                for who, how in prepared.accounts:
                    say(f"  {who:<34} {how}")
                say("ready")

            if not supervisor.stopping:
                supervisor.run(
                    is_ready=lambda: all(answers(site) for site in _sites(demo=demo)),
                    when_ready=tell,
                )
        finally:
            if supervisor.stopping:
                say("stopping ...")
            supervisor.stop()
