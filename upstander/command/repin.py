"""`upstander repin` and `upstander put-back`: where the database and the pins differ."""

from __future__ import annotations

from upstander.command.errors import PlainError
from upstander.command.recover import ask, running_system
from upstander.config.home import Home


def repin(home: Home) -> None:
    """Go by an older database again, with both recovery shares of a place. Raises PlainError."""
    shares = ask("First share"), ask("Second share")
    with running_system(home):
        from upstander.people.actions import repinning  # noqa: PLC0415 - after setup()
        from upstander.vault.errors import RecoveryBroken  # noqa: PLC0415

        try:
            older = repinning.repin(*shares)
        except RecoveryBroken as error:
            raise PlainError(str(error)) from None
    for one in older:
        print(f"no longer pinned: {one.subject}")
    print(f"{len(older)} pins given up. Restart both sites, and run `upstander doctor`.")


def put_back(home: Home) -> None:
    """Write what this machine has seen signed last into the database again. Raises PlainError."""
    with running_system(home):
        from upstander.people.actions import repinning  # noqa: PLC0415 - after setup()

        done = repinning.put_back()
    for one in done:
        print(f"put back: {one.subject}")
    print(f"{len(done)} put back. Find out who wrote to the database; run `upstander doctor`.")
