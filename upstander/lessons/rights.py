"""Who may do what, of what this app alone asks for."""

from upstander.people.permissions import Right
from upstander.people.roles import Role


class LessonRight(Right):
    """This app's own rights."""

    LEAD = "plan and lead sessions with students"


CARRIED_BY: dict[Right, frozenset[Role]] = {
    LessonRight.LEAD: frozenset(
        {Role.STAFF_MEMBER, Role.STAFF_LEAD, Role.TEAM_MEMBER, Role.TEAM_LEAD}
    )
}
