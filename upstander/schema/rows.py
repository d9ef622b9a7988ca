"""Who may see and write which rows, declared beside the models and turned into SQL.

An app's `row_policies.py` lists its tables (`TABLES`), each with its grants and row policies. A
policy says to which roles it applies, for which command, and which rows: as a condition put
together from the few patterns below with `&`, `|` and `~`. What fits none of them is `sql(…)`, with
its reason.

An app may also declare policies on tables of the layers beneath it, where it brings a reason to see
their rows that those layers can't know (`Table("audit_entry", …)` in `mandated`). Each condition
asks a function for who stands behind the session, once a statement: `(SELECT api.scope_person())`,
not `api.scope_person()`, which PostgreSQL would ask for each row.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

#: What staff are inside a transaction (`viewing()`), and the login roles that have their own rows.
CENTER = "upstander_center"
SCHOOL = "upstander_school"
DISTRICT = "upstander_district"
ADMIN = "upstander_admin"
POLICE = "upstander_police"
MONITOR = "upstander_monitor"
#: Whoever has left with reports of their own to finish: those, and nothing else.
FORMER = "upstander_former"
#: The desk outside of a transaction of somebody who is signed in.
SIGN_IN = "upstander_signin"
#: The desk within one, before it takes on the role of who looks: no row at all.
STAFF = "upstander_staff"
WORKER = "upstander_worker"
PUBLIC = "upstander_public"
EVERYBODY = (
    CENTER,
    SCHOOL,
    DISTRICT,
    ADMIN,
    POLICE,
    MONITOR,
    FORMER,
    SIGN_IN,
    STAFF,
    WORKER,
    PUBLIC,
)
#: Tables of the packages that accounts need begin so. `people` opens them.
_PACKAGES = ("account", "auth", "django", "mfa")

type Command = Literal["ALL", "SELECT", "INSERT", "UPDATE", "DELETE"]


@dataclass(frozen=True)
class Condition:
    """Which rows: an SQL expression. `{table}` in it stands for the table of the policy."""

    text: str
    binding: Literal["atom", "and", "or"] = "atom"
    #: Why it was written by hand; empty where it comes of a pattern.
    reason: str = ""

    def __and__(self, other: Condition) -> Condition:
        return _joined("and", self, other)

    def __or__(self, other: Condition) -> Condition:
        return _joined("or", self, other)

    def __invert__(self) -> Condition:
        return Condition(f"NOT ({self.text})", "atom", self.reason)

    def sql(self, table: str) -> str:
        """Return the expression for a policy on `table`."""
        return self.text.replace("{table}", table)


def _joined(how: Literal["and", "or"], one: Condition, other: Condition) -> Condition:
    parts = [f"({c.text})" if c.binding not in ("atom", how) else c.text for c in (one, other)]
    reason = "; ".join(filter(None, (one.reason, other.reason)))
    return Condition(f" {how.upper()} ".join(parts), how, reason)


EVERY_ROW = Condition("true")
SIGNED_IN = Condition("(SELECT api.scope_person()) IS NOT NULL")
ADMINISTRATOR = Condition("(SELECT api.scope_is_admin())")


def within(column: str, function: str, kind: str = "bigint") -> Condition:
    """Rows whose `column` is among those that `function`, with its schema, gives."""
    return Condition(f"{column} = ANY ((SELECT {function}())::{kind}[])")


def by_district(column: str = "district_id") -> Condition:
    """Rows of the districts within view, whatever the role of who asks."""
    return within(column, "api.scope_districts")


def by_center(column: str = "district_id") -> Condition:
    """Rows of the districts that the center of who asks serves."""
    return within(column, "api.center_districts")


def by_district_office(column: str = "district_id") -> Condition:
    """Rows of the districts that who asks leads."""
    return within(column, "api.lead_districts")


def by_monitor(column: str = "district_id") -> Condition:
    """Rows of the districts that who asks watches as an outside monitor."""
    return within(column, "api.monitor_districts")


def by_led_team(column: str = "team_id") -> Condition:
    """Rows of the teams that who asks leads."""
    return within(column, "api.scope_led_teams")


def by_colleague(column: str = "person_id") -> Condition:
    """Rows of people whom who asks works with."""
    return within(column, "api.scope_people")


def by_person(column: str = "person_id") -> Condition:
    """Rows of who asks."""
    return Condition(f"{column} = (SELECT api.scope_person())")


def by_holder(column: str = "holder") -> Condition:
    """Rows handed to a team of who asks, or to them by name."""
    return within(column, "api.scope_holders", "text")


def by_folder(column: str = "folder_id") -> Condition:
    """Rows of a sealed folder of which who asks holds a grant.

    `OFFSET 0` keeps PostgreSQL from reading all folders into a hash where a page of a list needs
    fifty: it expects to ask of each row that the list might have.
    """
    seen = f"SELECT 1 FROM matters_folder x WHERE x.id = {{table}}.{column} OFFSET 0"  # noqa: S608
    return Condition(f"EXISTS ({seen})")


def not_excluded(column: str = "matter_id") -> Condition:
    """Rows of no matter from which who asks is kept away."""
    return ~within(column, "api.excluded_matters", "uuid")


def through(parent: str, column: str, *, same: str = "") -> Condition:
    """Rows whose parent row (`parent.id = column`) who asks can see, by that table's policies.

    With `same`, both rows must say the same in that column (a district, say).
    """
    alike = f" AND x.{same} = {{table}}.{same}" if same else ""
    seen = f"SELECT 1 FROM {parent} x WHERE x.id = {{table}}.{column}{alike}"  # noqa: S608
    return Condition(f"EXISTS ({seen})")


def listed_in(column: str, other: str, others: str) -> Condition:
    """Rows whose `column` stands in `others` of the rows of `other` that who asks can see."""
    return Condition(f"{column} IN (SELECT y.{others} FROM {other} y)")  # noqa: S608


def by_team(column: str = "team_id") -> Condition:
    """Rows of the teams of who asks."""
    return Condition(f"('team:' || {column}) = ANY ((SELECT api.scope_holders())::text[])")


def by_own_key(column: str = "member") -> Condition:
    """Rows sealed to the key of who asks."""
    return Condition(f"{column} = 'person:' || (SELECT api.scope_person())")


def equals(column: str, word: str) -> Condition:
    """Rows whose `column` says `word`."""
    return Condition(f"{column} = '{word}'")


def differs(column: str, word: str) -> Condition:
    """Rows whose `column` says anything but `word`."""
    return Condition(f"{column} <> '{word}'")


def is_null(column: str) -> Condition:
    """Rows whose `column` says nothing."""
    return Condition(f"{column} IS NULL")


def is_set(column: str) -> Condition:
    """Rows whose `column` says something."""
    return Condition(f"{column} IS NOT NULL")


def not_over(column: str) -> Condition:
    """Rows whose time in `column` has not come."""
    return Condition(f"{column} > api.clock_now()")


def sql(text: str, *, reason: str) -> Condition:
    """Write a condition by hand, and say why no pattern does."""
    return Condition(f"({' '.join(text.split())})", "atom", reason)


@dataclass(frozen=True)
class Policy:
    """One row policy. `using` says which rows are seen, `check` which may be written."""

    name: str
    to: tuple[str, ...]
    command: Command = "ALL"
    using: Condition | None = None
    check: Condition | None = None
    #: A policy that only narrows what the others let through.
    restrictive: bool = False

    def statement(self, table: str, name: str) -> str:
        """Return the CREATE POLICY statement, under the name that it has in the database."""
        lines = [
            f"CREATE POLICY {name} ON {table}"
            f"{' AS RESTRICTIVE' if self.restrictive else ''} FOR {self.command}"
            f" TO {', '.join(self.to)}"
        ]
        if self.using is not None:
            lines.append(f"    USING ({self.using.sql(table)})")
        if self.check is not None:
            lines.append(f"    WITH CHECK ({self.check.sql(table)})")
        return "\n".join(lines)


@dataclass(frozen=True)
class Grant:
    """What roles may do with a table at all, before any row policy is asked."""

    to: tuple[str, ...]
    #: "SELECT", "INSERT", "DELETE", "UPDATE", or with columns: "UPDATE (state, changed_at)".
    rights: tuple[str, ...]

    def statement(self, table: str) -> str:
        """Return the GRANT statement."""
        return f"GRANT {', '.join(self.rights)} ON {table} TO {', '.join(self.to)}"


def grant(to: Iterable[str] | str, *rights: str) -> Grant:
    """Let roles do something with a table."""
    return Grant((to,) if isinstance(to, str) else tuple(to), rights)


def see(name: str, to: Iterable[str] | str, rows: Condition) -> Policy:
    """Let roles see rows."""
    return Policy(name, _roles(to), "SELECT", rows)


def add(name: str, to: Iterable[str] | str, rows: Condition) -> Policy:
    """Let roles add rows that fit."""
    return Policy(name, _roles(to), "INSERT", None, rows)


def change(
    name: str, to: Iterable[str] | str, rows: Condition, check: Condition | None = None
) -> Policy:
    """Let roles change rows; what they become must fit `check` (else `rows`)."""
    return Policy(name, _roles(to), "UPDATE", rows, check)


def remove(name: str, to: Iterable[str] | str, rows: Condition) -> Policy:
    """Let roles remove rows."""
    return Policy(name, _roles(to), "DELETE", rows)


def keep(
    name: str, to: Iterable[str] | str, rows: Condition, check: Condition | None = None
) -> Policy:
    """Let roles see and write rows; what they write must fit `check` (else `rows`)."""
    return Policy(name, _roles(to), "ALL", rows, check)


def narrowed(policy: Policy) -> Policy:
    """Make a policy one that only takes away from what the others let through."""
    return Policy(
        policy.name, policy.to, policy.command, policy.using, policy.check, restrictive=True
    )


def _roles(to: Iterable[str] | str) -> tuple[str, ...]:
    return (to,) if isinstance(to, str) else tuple(to)


@dataclass(frozen=True)
class Numbers(Grant):
    """Who may draw the next number of the table's `id` (an INSERT with a sequence needs it)."""

    def statement(self, table: str) -> str:
        """Return the GRANT statement."""
        return f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {', '.join(self.to)}"


def columns(right: str, *names: str) -> str:
    """Name a right on some columns alone, for `grant`: their names, with spaces between them."""
    return f"{right} ({', '.join(' '.join(names).split())})"


def numbers(*to: str) -> Numbers:
    """Let roles draw numbers for new rows."""
    return Numbers(to, ("USAGE",))


@dataclass(frozen=True)
class Table:
    """The grants and policies that one app declares for one table."""

    name: str
    grants: tuple[Grant, ...] = field(default=())
    policies: tuple[Policy, ...] = field(default=())
    #: Off only for the tables of packages that know no rows of ours (accounts' own, sessions).
    row_security: bool = True

    def is_of(self, app: str) -> bool:
        """Tell whether it is a table of the app (the accounts' own packages are of `people`)."""
        first = self.name.split("_", 1)[0]
        return app == ("people" if first in _PACKAGES else first)

    def opened(self) -> tuple[str, ...]:
        """Return the statements that give it row security and its grants, and nobody else any."""
        everybody = ", ".join(EVERYBODY)
        rows = "ENABLE" if self.row_security else "DISABLE"
        return (
            f"ALTER TABLE {self.name} {rows} ROW LEVEL SECURITY",
            f"REVOKE ALL ON {self.name} FROM PUBLIC, {everybody}",
            *(g.statement(self.name) for g in self.grants),
        )


def table(name: str, *parts: Grant | Policy, row_security: bool = True) -> Table:
    """Declare a table's grants and policies."""
    return Table(
        name,
        tuple(p for p in parts if isinstance(p, Grant)),
        tuple(p for p in parts if isinstance(p, Policy)),
        row_security,
    )
