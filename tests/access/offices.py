"""Those who see whether reports were made: people for the walks over all addresses."""

from __future__ import annotations

from conftest import Cast
from upstander.people import factories
from upstander.people.roles import Role, TeamKind


def add_offices(cast: Cast) -> None:
    """Give two districts a compliance lead and an outside monitor, who hold nothing yet."""
    for side, names in (("maple", ("cleo", "moni")), ("harbor", ("clara", "mark"))):
        for name, kind, role in zip(
            names,
            (TeamKind.OFFICE, TeamKind.MONITOR),
            (Role.COMPLIANCE_LEAD, Role.MONITOR),
            strict=True,
        ):
            team = factories.make_team(
                kind, f"{side} {kind}", cast.keys, district=getattr(cast, side)
            )
            cast.teams[f"{side}_{kind}"] = team
            cast.people[name] = factories.make_person(name.capitalize(), cast.keys)
            factories.join(cast.people[name], team, role, cast.keys)
