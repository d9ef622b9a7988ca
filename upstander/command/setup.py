"""`upstander init` and `upstander migrate`: from an empty folder to a system one can sign in to."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

import psycopg

from upstander.command.errors import PlainError
from upstander.command.postgres import EmbeddedPostgres, running_postgres
from upstander.command.prepare import prepare
from upstander.command.roles import create_roles, ensure_passwords, printable_sql
from upstander.config.database import Role, conninfo_for
from upstander.config.home import Home
from upstander.vault.keyring import Keyring

if TYPE_CHECKING:  # Django's models can be imported only once there are keys and settings
    from upstander.places.models import Team

#: Holder of the copy of every first team key that two paper shares bring back together.
RECOVERY_HOLDER = "recovery"


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
    Keyring(home.keys).ensure()
    with running_postgres(home):
        bring_roles(home)
        prepare(home, migrate=True)
        shown = create_first(first)
    print(_told(home, shown))


def bring_roles(home: Home) -> None:
    """Make roles and database on the embedded server; on a managed one, see that they are there.

    Raises PlainError with the way to make them.
    """
    ensure_passwords(home)
    if not os.environ.get("DATABASE_URL"):
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


def migrate(home: Home) -> None:
    """Bring roles and tables to this release. Raises PlainError."""
    if not (home.passwords / Role.OWNER).exists():
        raise PlainError(f"nothing is set up in {home.root}: run `upstander init` first")
    Keyring(home.keys).ensure()
    with running_postgres(home):
        bring_roles(home)
        before = prepare(home, migrate=False).pending
        prepare(home, migrate=True)
    print(f"{len(before)} migrations applied" if before else "the database is up to date")


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
    )


def create_first(first: FirstSystem) -> ShownOnce:
    """Create the first center, district, people, teams and keys, all in one transaction.

    Raises PlainError if there is a center already: `init` never adds to a running system.
    """
    import django  # noqa: PLC0415 - settings need the keys that init has just made

    django.setup()
    from django.db import transaction  # noqa: PLC0415
    from django.utils.text import slugify  # noqa: PLC0415

    from upstander.audit.actions import record  # noqa: PLC0415
    from upstander.places import keys  # noqa: PLC0415
    from upstander.places.models import Center, District, Team  # noqa: PLC0415
    from upstander.places.roles import Role as StaffRole  # noqa: PLC0415
    from upstander.places.roles import TeamKind  # noqa: PLC0415
    from upstander.places.scope import System  # noqa: PLC0415
    from upstander.vault.holders import new_key_pair  # noqa: PLC0415
    from upstander.vault.recovery import split  # noqa: PLC0415

    with transaction.atomic(durable=True):
        if Center.objects.exists():
            raise PlainError(
                "a system is set up here already; people and places are added at the desk"
            )
        center = Center.objects.create(
            name=first.center, slug=slugify(first.center) or "center", time_zone=first.time_zone
        )
        district = District.objects.create(
            center=center,
            name=first.district,
            slug=slugify(first.district) or "district",
            time_zone=first.time_zone,
        )
        recovery = new_key_pair()
        keys.publish_key(RECOVERY_HOLDER, 1, recovery)
        people = []
        for label, who, role, team in (
            (
                "system administrator",
                first.administrator,
                StaffRole.ADMINISTRATOR,
                Team(kind=TeamKind.ADMINISTRATION, name="System administration"),
            ),
            (
                "center supervisor",
                first.supervisor,
                StaffRole.CENTER_SUPERVISOR,
                Team(kind=TeamKind.CENTER, name=first.center, center=center),
            ),
            (
                "district lead",
                first.lead,
                StaffRole.DISTRICT_LEAD,
                Team(kind=TeamKind.DISTRICT, name=first.district, district=district),
            ),
        ):
            team.save()
            people.append((label, *_create_person(who, team, role)))
        record("system set up", actor=System(), subject_kind="center", subject_id=center.pk)
        return ShownOnce(tuple(people), split(recovery.private))


def _create_person(who: FirstPerson, team: Team, role: str) -> tuple[str, str, str]:
    """Create a person with a role in a team that has no member yet; email, passphrase, code."""
    from allauth.account.models import EmailAddress  # noqa: PLC0415

    from upstander.places import keys  # noqa: PLC0415
    from upstander.places.models import Membership, Person  # noqa: PLC0415
    from upstander.vault.passwords import new_passphrase  # noqa: PLC0415

    passphrase = new_passphrase()
    person = Person(email=who.email, name=who.name)
    person.set_password(passphrase)
    person.save()
    EmailAddress.objects.create(user=person, email=who.email, verified=True, primary=True)
    code = keys.make_person_key(person, passphrase)
    Membership.objects.create(team=team, person=person, role=role, reachable_at_night=True)
    pair = keys.make_team_key(team, [person])
    keys.seal_team_key(team.holder, 1, pair.private, RECOVERY_HOLDER)
    return who.email, passphrase, code


def _told(home: Home, shown: ShownOnce) -> str:
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
        "Next: `upstander doctor`, then `upstander serve`.",
    ]
    return "\n".join(lines)
