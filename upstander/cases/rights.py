"""Who may do what, of what this app alone asks for: cases."""

from upstander.places.permissions import Right
from upstander.places.roles import Role


class CaseRight(Right):
    """This app's own rights."""

    OPEN_CASES = "open a case for a team of one's own"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    CaseRight.OPEN_CASES: frozenset({Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.DISTRICT_LEAD}),
}
