"""Who may do what, of what this app alone asks for."""

from upstander.people.permissions import Right
from upstander.people.roles import LEADING, Role


class ApprovalRight(Right):
    """This app's own rights."""

    SEE = "see what waits for a second person: who asked, and who decides"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    ApprovalRight.SEE: LEADING - {Role.MONITOR},
}
