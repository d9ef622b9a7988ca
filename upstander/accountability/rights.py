"""Who may do what, of what this app alone asks for: times and outcomes."""

from upstander.people.permissions import Right
from upstander.people.roles import Role


class FiguresRight(Right):
    """This app's own rights."""

    SEE_TIMES = "see how long tips took, of one's own center, district or school"
    SEE_EQUITY = "see how tips and cases ended by group, and no small number"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    FiguresRight.SEE_TIMES: frozenset(
        {Role.CENTER_SUPERVISOR, Role.TEAM_LEAD, Role.DISTRICT_LEAD, Role.SUPERINTENDENT}
    ),
    FiguresRight.SEE_EQUITY: frozenset(
        {Role.CENTER_SUPERVISOR, Role.DISTRICT_LEAD, Role.SUPERINTENDENT}
    ),
}
