"""Who may do what, of what this app alone asks for: plans."""

from upstander.people.permissions import Right
from upstander.people.roles import Role


class PlanRight(Right):
    """This app's own rights."""

    PLAN_ON_CALL = "set up who is on call in a team that one leads"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    PlanRight.PLAN_ON_CALL: frozenset(
        {Role.CENTER_SUPERVISOR, Role.TEAM_LEAD, Role.DISTRICT_LEAD, Role.ADMINISTRATOR}
    ),
}
