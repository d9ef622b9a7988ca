"""`upstander recover` and `upstander administrator`: the last ways back in. Both are loud."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from upstander.command.errors import PlainError
from upstander.command.postgres import running_postgres
from upstander.config.database import Role
from upstander.config.home import Home


def recover(
    home: Home, *, person: str, reason: str, team: list[str] | None = None, address: str = ""
) -> None:
    """Bring team keys back with both recovery shares, and seal them to one named person.

    With ``address`` they sign in by that one from now on: where no lead is left to agree to it.

    The shares are asked for, never given as arguments: those stand in the machine's process list.
    Raises PlainError.
    """
    shares = ask("First share"), ask("Second share")
    with running_system(home):
        from upstander.base.refused import Refused  # noqa: PLC0415
        from upstander.people.actions.recovery import use_recovery  # noqa: PLC0415
        from upstander.people.models import Person, Team  # noqa: PLC0415
        from upstander.vault.errors import RecoveryBroken  # noqa: PLC0415

        who = Person.objects.filter(email__iexact=person, is_active=True).first()
        if who is None:
            raise PlainError(f"nobody with an open account signs in as {person}")
        teams = None
        if team:
            teams = list(Team.objects.filter(name__in=team))
            missing = set(team) - {one.name for one in teams}
            if missing:
                raise PlainError(f"no team is called {', '.join(sorted(missing))}")
        try:
            done = use_recovery(
                *shares, person=who, reason=reason, teams=teams, address=address.strip().lower()
            )
        except (RecoveryBroken, Refused) as error:
            raise PlainError(str(error)) from None
    print(f"{person} holds the keys of: {', '.join(done.teams)}.")
    print(f"{done.told} people in charge were told by mail.")
    if done.told == 0:
        print("No mail left this machine: call everybody in charge now.")
    print("The shares you typed open nothing any more. The new ones, shown once:")
    print(f"  share 1   {done.shares[0]}")
    print(f"  share 2   {done.shares[1]}")


def administrator(home: Home, *, email: str, name: str) -> None:
    """Make a system administrator when none is left who can sign in. Raises PlainError."""
    with running_system(home):
        from upstander.people.actions.setup import FirstPerson, add_administrator  # noqa: PLC0415
        from upstander.people.models import Person  # noqa: PLC0415

        if Person.objects.filter(email__iexact=email).exists():
            raise PlainError(f"{email} has an account already")
        made = add_administrator(FirstPerson(email, name))
    print("Shown once:")
    print(f"  {made.email}")
    print(f"    passphrase     {made.passphrase}")
    print(f"    recovery code  {made.recovery_code}")


def ask(what: str) -> str:
    """Ask for one line that must not stand among the arguments."""
    if sys.stdin.isatty():
        return input(f"{what}: ")
    return sys.stdin.readline().strip()


@contextmanager
def running_system(home: Home) -> Iterator[None]:
    """The database running and Django set up, as the owner."""
    if not (home.passwords / Role.OWNER).exists():
        raise PlainError(f"nothing is set up in {home.root}: run `upstander init` first")
    with running_postgres(home):
        import django  # noqa: PLC0415 - settings need the data folder to be there

        django.setup()
        from django.db import connection  # noqa: PLC0415

        try:
            yield
        finally:
            connection.close()
