"""Who is looking, and the one way to look: every staff transaction runs inside ``viewing``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.models.expressions import RawSQL

from upstander.people.roles import LEADING, Role, TeamKind
from upstander.vault.bound import bound
from upstander.vault.sessions import database_token, with_code

#: Every name under which a tip was granted to whoever looks, for a query inside ``viewing``.
EVERY_NAME = RawSQL("SELECT unnest(api.scope_holders())", ())
#: The database role whose policies apply to each kind of staff.
DATABASE_ROLE: dict[TeamKind, str] = {
    TeamKind.CENTER: "upstander_center",
    TeamKind.SCHOOL: "upstander_school",
    TeamKind.DISTRICT: "upstander_district",
    TeamKind.ADMINISTRATION: "upstander_admin",
    TeamKind.POLICE: "upstander_police",
    # Their own policies go by what was granted to them; of tips they hold none.
    TeamKind.OFFICE: "upstander_school",
    TeamKind.STAFF: "upstander_school",
    TeamKind.MONITOR: "upstander_monitor",
    TeamKind.FORMER: "upstander_former",
}


@dataclass(frozen=True, slots=True)
class OwnMembership:
    """One membership as the session knows it."""

    team_id: int
    team_name: str
    kind: TeamKind
    role: Role
    center_id: int | None
    district_id: int | None
    school_id: int | None

    @property
    def holder(self) -> str:
        return f"team:{self.team_id}"


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in staff member: what they are, and (if unlocked) their private key seed."""

    person_id: int
    person_mac: bytes
    kind: TeamKind
    token: str = field(repr=False)
    #: Those whose team's key this sign-in opens: without it a role counts for nothing.
    memberships: tuple[OwnMembership, ...]
    private_seed: bytes | None = field(default=None, repr=False)
    #: The kinds of all the teams they are in. They act in one of them at a time: ``kind``.
    active_roles: tuple[TeamKind, ...] = ()
    #: Their teams, as they act, whose key this sign-in does not open.
    keyless: tuple[str, ...] = ()
    actor_kind: Literal["staff"] = "staff"

    @property
    def actor_id(self) -> int:
        return self.person_id

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(membership.role for membership in self.memberships)

    def names_in(self, to: UUID) -> dict[str, str]:
        """Return each name under which a tip or brief may stand granted to this person.

        With the name that it was sealed for: a person by name stands in the row by one that is
        bound to it.
        """
        own = {f"own:{bound(self.person_mac, to).hex()}": f"mac:{self.person_mac.hex()}"}
        return {membership.holder: membership.holder for membership in self.memberships} | own

    @property
    def database_token(self) -> str:
        """What names this session to the database; the cookie itself never goes there."""
        return database_token(self.token)

    @property
    def scope(self) -> str:
        """What the database takes the viewer's scope from: the session's name and their code."""
        return with_code(self.token, self.person_mac)

    @property
    def leads(self) -> frozenset[int]:
        """The teams this person leads."""
        return frozenset(
            membership.team_id for membership in self.memberships if membership.role in LEADING
        )

    @property
    def unlocked(self) -> bool:
        return self.private_seed is not None


@dataclass(frozen=True, slots=True)
class Staff:
    """A staff member as an actor where there is no viewer yet: signing in, joining."""

    actor_id: int
    actor_kind: Literal["staff"] = "staff"


@dataclass(frozen=True, slots=True)
class System:
    """The actor of what nobody did: the clock, the worker."""

    actor_kind: Literal["system"] = "system"
    actor_id: None = None


@contextmanager
def viewing(viewer: Viewer) -> Iterator[datetime]:
    """Open a staff transaction in which the database shows only what ``viewer`` may see.

    Durable: it commits when it ends. Yields the database's time (UTC) at its start, which every
    write in it uses. The role and token are set for the transaction and put back at its end, since
    a setting survives a savepoint's release and would leak into whatever comes after.

    At the desk it runs on a connection of a login role of its own, which outside of this has no
    right at all: whoever slips SQL in here, and gives the taken-on role back, has not the rights of
    who signs people in.
    """
    with _own_connection(), transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('role'), current_setting('upstander.token', true),"
            " set_config('role', %s, true), set_config('upstander.token', %s, true),"
            " now(), api.clock_now()",
            [DATABASE_ROLE[viewer.kind], viewer.scope],
        )
        row = cursor.fetchone()
        if row is None:
            raise RuntimeError("the database gave no answer")
        yield row[5].replace(microsecond=0)
        cursor.execute(
            "SELECT set_config('role', %s, true), set_config('upstander.token', %s, true)",
            [row[0], row[1] or ""],
        )


def can_look() -> bool:
    """Tell whether ``viewing`` may begin here: nothing else is under way on this connection."""
    blocks = connections[DEFAULT_DB_ALIAS].atomic_blocks
    if settings.VIEWING_ALIAS or not blocks:
        return not blocks
    # Without a connection of its own it begins in a test's transaction, and in no other.
    return bool(getattr(blocks[-1], "_from_testcase", False))


@contextmanager
def _own_connection() -> Iterator[None]:
    """Let the default connection be the viewing role's, where this process has one (the desk).

    The other one goes back to its pool meanwhile, so that a request waits for no second connection
    while it holds a first.
    """
    alias = settings.VIEWING_ALIAS
    if not alias:
        yield
        return
    usual, ours = connections[DEFAULT_DB_ALIAS], connections[alias]
    if usual is ours or usual.in_atomic_block:
        raise RuntimeError("one looks as someone outside of any other transaction")
    usual.close()
    connections[DEFAULT_DB_ALIAS] = ours
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
