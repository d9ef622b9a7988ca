"""An outside monitor for tests."""

from __future__ import annotations

from conftest import Cast
from upstander.people import factories
from upstander.people.models import Person
from upstander.people.roles import Role, TeamKind


def monitor(cast: Cast) -> Person:
    """Give Maple Valley an outside monitor."""
    team = factories.make_team(TeamKind.MONITOR, "Monitor", cast.keys, district=cast.maple)
    cast.teams["monitor"] = team
    cast.people["moni"] = factories.make_person("Moni", cast.keys)
    factories.join(cast.people["moni"], team, Role.MONITOR, cast.keys)
    return cast.people["moni"]
