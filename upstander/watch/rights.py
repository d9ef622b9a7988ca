"""Who may do what, of what this app alone asks for: drills."""

from upstander.people.permissions import Right
from upstander.people.roles import Role


class DrillRight(Right):
    """This app's own rights."""

    LEAD_DRILLS = "test a team that one leads"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    DrillRight.LEAD_DRILLS: frozenset(
        {Role.CENTER_SUPERVISOR, Role.TEAM_LEAD, Role.DISTRICT_LEAD, Role.ADMINISTRATOR}
    ),
}
