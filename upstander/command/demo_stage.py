"""The demo's people at work, in its own folder alone: each as their own login role, at any moment.

Nobody is inserted past the actions: the desk's connections sign in and look, the public site's take
tips in, the worker's sweep. While a year is told, ``api.clock_now()`` is one that a connection can
set; before anybody can sign in, it is the shipped one again (``upstander doctor`` compares).
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections

from upstander.config.database import Role, database_for
from upstander.config.home import Home
from upstander.people import sessions
from upstander.people.keys import unlock_by_password
from upstander.people.models import Person
from upstander.people.scope import Viewer
from upstander.schema.texts import definitions
from upstander.vault import passwords
from upstander.vault.keyring import Keyring

#: Connection → the role that it signs in as.
_ROLES: Final = {
    "signin": Role.SIGN_IN,
    "viewing": Role.STAFF,
    "public": Role.PUBLIC,
    "worker": Role.WORKER,
}
#: A session ends fifteen minutes after it was used; a year has no time to wait for that.
_FRESH: Final = timedelta(minutes=10)
_MOVABLE: Final = """
    CREATE OR REPLACE FUNCTION api.clock_now() RETURNS timestamptz LANGUAGE sql STABLE PARALLEL SAFE
    AS $$ SELECT coalesce(nullif(current_setting('upstander.moment', true), '')::timestamptz,
                          now()) $$
"""


class NoDemo(RuntimeError):
    """The clock of a real system is nobody's to move."""


def need_demo(home: Home) -> None:
    """Raise NoDemo unless this process runs a demo, in a demo's folder."""
    if not settings.DEMO or home != settings.HOME or not (home.root / "demo").exists():
        raise NoDemo("made-up people work in a demo's folder alone, and only there is a year told")


@contextmanager
def movable_clock(home: Home) -> Iterator[None]:
    """Let each connection say what time it is; the shipped clock afterwards, whatever happens.

    As the owner, before any site runs. Raises NoDemo.
    """
    need_demo(home)
    with connection.cursor() as cursor:
        cursor.execute(_MOVABLE)
    try:
        yield
    finally:
        shipped_clock()


def shipped_clock() -> None:
    """Put the clock back that this release ships, as the owner."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('upstander.moment', '', false)")
        cursor.execute(definitions()["function", "api.clock_now"].statements[0])


def say_moment(moment: datetime | None) -> None:
    """Let it be this moment for the connection that is used now; None: the time that it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('upstander.moment', %s, false)",
            [moment.isoformat() if moment else ""],
        )


@contextmanager
def remembering() -> Iterator[None]:
    """Run Argon2id once for each person: their login and their key come of the same run."""
    plain = passwords.password_keys
    passwords.password_keys = functools.cache(plain)
    try:
        yield
    finally:
        passwords.password_keys = plain


def unlocked(password: str) -> dict[str, tuple[int, bytes]]:
    """Return everybody's id and private seed by email, as the owner."""
    found = {}
    for person in Person.objects.exclude(email__endswith=".invalid"):
        seed = unlock_by_password(person, password)
        if seed is None:
            raise NoDemo(f"{person.email} has another passphrase")
        found[person.email] = (person.pk, seed)
    return found


class Stage:
    """Connections of the real roles in one process, and who is signed in. Not for threads."""

    def __init__(self, home: Home, seeds: Mapping[str, tuple[int, bytes]]) -> None:
        """``seeds``: everybody's id and unlocked key by email. Raises NoDemo."""
        need_demo(home)
        self._seeds = seeds
        self._in: dict[str, tuple[datetime | None, Viewer]] = {}
        self._told: dict[str, datetime | None] = {}
        #: None: the time that it is.
        self.now: datetime | None = None
        #: Called before the worker sweeps: whoever tells another part must have come this far.
        self.wait_for_others: Callable[[], None] = lambda: None
        # What a page's link is made with; the command has no other use for it.
        settings.ANSWER_KEY = Keyring(home.keys).read("answer")
        made = {alias: database_for(role, home) for alias, role in _ROLES.items()}
        for alias, one in made.items():
            one["CONN_HEALTH_CHECKS"] = False
            # Nobody was promised anything yet: what is lost in a crash is made again.
            one["OPTIONS"]["options"] = "-c synchronous_commit=off"
            one["OPTIONS"]["prepare_threshold"] = 0
            if alias in ("signin", "viewing"):
                one["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 1, "timeout": 30}
            else:
                one["OPTIONS"].pop("pool", None)
                one["CONN_MAX_AGE"] = None
        owner = connections.settings[DEFAULT_DB_ALIAS]
        connections.settings.update(
            connections.configure_settings({DEFAULT_DB_ALIAS: owner, **made})
        )

    @contextmanager
    def as_(self, alias: str) -> Iterator[None]:
        """Let the default connection be one of the roles', at the moment that it is."""
        usual = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = connections[alias]
        try:
            self._tell(alias)
            yield
        finally:
            connections[DEFAULT_DB_ALIAS] = usual

    @contextmanager
    def desk(self) -> Iterator[None]:
        """Work as the desk does: signed in by one role, looking by another."""
        with self.as_("viewing"):
            pass
        settings.VIEWING_ALIAS = "viewing"
        try:
            with self.as_("signin"):
                yield
        finally:
            settings.VIEWING_ALIAS = ""

    @contextmanager
    def worker(self) -> Iterator[None]:
        """Sweep as the worker does: it sees what everybody has done up to this moment."""
        self.wait_for_others()
        with self.as_("worker"):
            yield

    def signed_in(self, email: str) -> Viewer:
        """Return somebody with a session that stands now; call in ``desk``."""
        begun, viewer = self._in.get(email, (None, None))
        if viewer and (begun == self.now or (begun and self.now and self.now - begun < _FRESH)):
            return viewer
        person, seed = self._seeds[email]
        token = sessions.begin(Person(pk=person), seed, complete=True)
        row = sessions.read(token)
        if row is None:
            raise RuntimeError(f"{email} could not sign in")
        self._in[email] = (self.now, row.viewer)
        return row.viewer

    def sign_all_out(self) -> None:
        """End what is still signed in; call in ``desk``."""
        for _, viewer in self._in.values():
            sessions.end(viewer.token)
        self._in.clear()

    def leave(self) -> None:
        """Close what this opened."""
        for alias in _ROLES:
            connections[alias].close()
            if "pool" in connections.settings[alias]["OPTIONS"]:
                connections[alias].close_pool()  # type: ignore[attr-defined]

    def _tell(self, alias: str) -> None:
        if alias not in self._told or self._told[alias] != self.now:
            say_moment(self.now)
            self._told[alias] = self.now
