"""`upstander init` and `upstander migrate`: from an empty folder to a system one can sign in to."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from zoneinfo import available_timezones

import psycopg

from upstander.command.errors import PlainError
from upstander.command.postgres import EmbeddedPostgres, running_postgres
from upstander.command.prepare import prepare
from upstander.command.roles import create_roles, ensure_passwords, printable_sql
from upstander.command.second_place import fill_second_place
from upstander.config import environment
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home
from upstander.vault.errors import VaultError
from upstander.vault.keyring import Keyring


@dataclass(frozen=True)
class FirstPerson:
    """Somebody who must be able to sign in from the first minute on."""

    email: str
    name: str


@dataclass(frozen=True)
class FirstSystem:
    """What a new system begins with."""

    center: str
    district: str
    time_zone: str
    administrator: FirstPerson
    supervisor: FirstPerson
    lead: FirstPerson
    #: "": the only one that there is.
    state: str = ""


@dataclass(frozen=True)
class ShownOnce:
    """Secrets that exist only on the screen: by role the email, passphrase and recovery code."""

    people: tuple[tuple[str, str, str, str], ...]
    shares: tuple[str, str]


QUESTIONS: dict[str, str] = {
    "center": "Name of the crisis center",
    "district": "Name of the first school district",
    "admin_email": "Email of the system administrator (keeps places and people, sees no tips)",
    "admin_name": "Their name",
    "supervisor_email": "Email of the center's first supervisor",
    "supervisor_name": "Their name",
    "lead_email": "Email of the district's safety lead",
    "lead_name": "Their name",
}


def init(home: Home, *, print_sql: bool = False, **answers: str | None) -> None:
    """Set up a new system; ask for what the arguments left open. Raises PlainError."""
    if print_sql:
        print(printable_sql(home))
        return
    if (home.root / "demo").exists():
        raise PlainError(f"{home.root} holds the demo; choose another folder with UPSTANDER_HOME")
    first = _first_system(answers)
    home.ensure()
    ensure_keys(home)
    with running_postgres(home):
        bring_roles(home)
        prepare(home, migrate=True)
        shown = create_first(first)
        second = fill_second_place(home)
    print(_told(home, shown, second))


def ensure_keys(home: Home) -> None:
    """Make the key files that are missing. Raises PlainError: one is lost that was in use."""
    try:
        Keyring(home.keys).ensure()
    except VaultError as error:
        raise PlainError(str(error)) from None


def bring_roles(home: Home) -> None:
    """Make roles and database on the embedded server; on a managed one, see that they are there.

    Raises PlainError with the way to make them.
    """
    ensure_passwords(home)
    if not environment.given("DATABASE_URL"):
        create_roles(EmbeddedPostgres(home).superuser_conninfo(), home)
        return
    for role in Role:
        try:
            psycopg.connect(conninfo_for(role, home), connect_timeout=10).close()
        except psycopg.OperationalError as error:
            raise PlainError(
                f"the database does not let {role.login} in ({str(error).strip()}). Give the "
                "output of `upstander init --print-sql` to the server's administrator, to be run "
                "with psql, and try again"
            ) from None


def migrate(home: Home, *, anew: bool = False) -> None:
    """Bring roles, tables and what guards them to this release. Raises PlainError."""
    if not (home.passwords / Role.OWNER).exists():
        raise PlainError(f"nothing is set up in {home.root}: run `upstander init` first")
    ensure_keys(home)
    with running_postgres(home):
        bring_roles(home)
        before = prepare(home, migrate=False).pending
        prepare(home, migrate=True, anew=anew)
    if anew:
        print("functions, triggers, policies and rights were made anew; `upstander doctor` looks")
    else:
        print(f"{len(before)} changes applied" if before else "the database is up to date")


def _first_system(answers: dict[str, str | None]) -> FirstSystem:
    given = {name: (answers.get(name) or "").strip() for name in QUESTIONS}
    missing = [name for name, answer in given.items() if not answer]
    if missing and not sys.stdin.isatty():
        flags = " ".join("--" + name.replace("_", "-") for name in missing)
        raise PlainError(f"nobody is here to be asked; give {flags}")
    for name in missing:
        while not given[name]:
            given[name] = input(f"{QUESTIONS[name]}: ").strip()
    zone = answers.get("time_zone") or "America/New_York"
    if zone not in available_timezones():
        raise PlainError(f"{zone!r} is no time zone; write it like America/New_York")
    emails = [given[name].lower() for name in QUESTIONS if name.endswith("_email")]
    if any("@" not in email for email in emails):
        raise PlainError("an email address holds an @")
    if len(set(emails)) != len(emails):
        raise PlainError(
            "administrator, supervisor and lead need three accounts: who keeps the system must "
            "not be who reads the tips"
        )
    return FirstSystem(
        given["center"],
        given["district"],
        zone,
        FirstPerson(emails[0], given["admin_name"]),
        FirstPerson(emails[1], given["supervisor_name"]),
        FirstPerson(emails[2], given["lead_name"]),
        answers.get("state") or "",
    )


def create_first(first: FirstSystem) -> ShownOnce:
    """Create the first center, district, people, teams and keys, all in one transaction.

    Raises PlainError if there is a center already: `init` never adds to a running system.
    """
    import django  # noqa: PLC0415 - settings need the keys that init has just made

    django.setup()
    from upstander.people.actions import setup  # noqa: PLC0415
    from upstander.states import laws, the_only_state  # noqa: PLC0415

    known = [one.key for one in laws()]
    if (first.state or the_only_state()) not in known:
        raise PlainError(f"say whose law the district has: --state, one of {', '.join(known)}")

    def person(who: FirstPerson) -> setup.FirstPerson:
        return setup.FirstPerson(who.email, who.name)

    try:
        shown = setup.set_up_installation(
            center=first.center,
            district=first.district,
            time_zone=first.time_zone,
            of_state=first.state,
            administrator=person(first.administrator),
            supervisor=person(first.supervisor),
            lead=person(first.lead),
        )
    except setup.AlreadySetUp:
        raise PlainError(
            "a system is set up here already; people and places are added at the desk"
        ) from None
    from upstander.watch.place import ensure_from_env  # noqa: PLC0415

    ensure_from_env(demo=False)
    people = tuple((p.role, p.email, p.passphrase, p.recovery_code) for p in shown.people)
    return ShownOnce(people, shown.shares)


def _told(home: Home, shown: ShownOnce, second: str) -> str:
    lines = [
        "",
        "The system is set up. What follows is shown once and stored nowhere. Write it down now.",
        "",
        "Recovery shares. Give each to another person, on paper, to be kept in a safe. Both",
        "together bring back the keys of the center and the district when every other way is lost.",
        f"  share 1   {shown.shares[0]}",
        f"  share 2   {shown.shares[1]}",
        "",
        "First sign-ins. Each person changes the passphrase at once and keeps the recovery code:",
        "it opens their key when the passphrase is lost.",
    ]
    for label, email, passphrase, code in shown.people:
        lines += [
            f"  {label}: {email}",
            f"    passphrase     {passphrase}",
            f"    recovery code  {code}",
        ]
    lines += [
        "",
        f"Data folder: {home.root} (its keys/ and passwords/ belong to this account alone).",
        second,
        "Next: `upstander doctor`, then `upstander serve`.",
    ]
    return "\n".join(lines)
