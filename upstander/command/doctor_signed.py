"""What `upstander doctor` says of what is signed of places, teams, members and keys."""

from __future__ import annotations

from collections.abc import Iterator

from upstander.command.finding import Finding
from upstander.config.home import Home

#: So many are named; more have one reason.
_NAMED = 5


def check_signed(home: Home) -> Iterator[Finding]:
    """Rows, what is signed of them, and what this machine has seen last say the same."""
    # After check_schema, which set Django up.
    from upstander.people.comparing import Differs, differences  # noqa: PLC0415

    found = differences()
    for one in found[:_NAMED]:
        yield Finding(
            "who a key belongs to",
            str(one),
            "docs/how-to/who-a-key-belongs-to.md: find out who wrote to the database"
            if one.what is not Differs.OLDER
            else "docs/how-to/who-a-key-belongs-to.md: `upstander put-back`; only where an older "
            "backup was restored: `upstander repin`",
        )
    if len(found) > _NAMED:
        says = f"{len(found) - _NAMED} more differ"
        yield Finding("who a key belongs to", says, "docs/how-to/who-a-key-belongs-to.md")
    if not found:
        pins = "" if home.pins.exists() else "; nothing was seen by a site here yet"
        yield Finding("who a key belongs to", f"rows are as they were signed{pins}")
