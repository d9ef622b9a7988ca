"""Who may do what, of what this app alone asks for: cases."""

from upstander.people.permissions import Right
from upstander.people.roles import Role


class CaseRight(Right):
    """This app's own rights."""

    OPEN_CASES = "open a case for a team of one's own"
    CLOSE_CASES = "close a case, and review its closing"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    CaseRight.OPEN_CASES: frozenset({Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.DISTRICT_LEAD}),
    # Whoever a case is shared with may be the second person whom its team lacks.
    CaseRight.CLOSE_CASES: frozenset(
        {
            Role.TEAM_MEMBER,
            Role.TEAM_LEAD,
            Role.DISTRICT_LEAD,
            Role.HEAD_OF_SCHOOL,
            Role.DESIGNEE,
            Role.COMPLIANCE_LEAD,
            Role.SUPERINTENDENT,
            Role.BOARD_CHAIR,
            Role.STAFF_MEMBER,
            Role.STAFF_LEAD,
        }
    ),
}
