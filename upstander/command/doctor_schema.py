"""What `upstander doctor` says of the tables, and of what guards them."""

from __future__ import annotations

from collections.abc import Iterator

from upstander.command.finding import Finding
from upstander.config.home import Home

#: Differences that a finding quotes; `upstander audit verify` prints them all.
_QUOTED = 5


def check_schema(home: Home) -> Iterator[Finding]:
    """The tables, functions, triggers, policies and rights are those of this release."""
    import django  # noqa: PLC0415 - settings need the keys, which were looked at first

    django.setup()
    from upstander.schema.apply import pending  # noqa: PLC0415
    from upstander.schema.shipped import standing_faults  # noqa: PLC0415

    waiting = pending()
    yield Finding(
        "migrations",
        f"{len(waiting)} wait, the first is {waiting[0]}" if waiting else "all applied",
        "stop `upstander serve`, run `upstander migrate`, start it again" if waiting else "",
    )
    if any("." in one.split(" ", 1)[0] for one in waiting):
        return  # tables of another release: what guards them is another too
    faults = standing_faults()
    more = f"; and {len(faults) - _QUOTED} more" if len(faults) > _QUOTED else ""
    yield Finding(
        "functions, triggers, policies and rights",
        f"{'; '.join(faults[:_QUOTED])}{more}" if faults else "as this release ships them",
        "somebody changed them by hand: docs/how-to/verify-the-record.md, before any repair"
        if faults
        else "",
    )
