"""Who may do what, of what this app alone asks for."""

from upstander.people.permissions import Right
from upstander.people.roles import Role


class TriageRight(Right):
    """This app's own rights."""

    MOVE = "ask for or decide that another center answers for a district"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    TriageRight.MOVE: frozenset({Role.ADMINISTRATOR, Role.CENTER_SUPERVISOR}),
}
