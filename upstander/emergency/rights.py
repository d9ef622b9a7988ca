"""Who may do what, of what this app alone asks for: police, and rosters."""

from upstander.people.permissions import Right
from upstander.people.roles import Role


class EmergencyRight(Right):
    """This app's own rights."""

    READ_BRIEFS = "read, acknowledge and answer what was handed to police"
    KEEP_ROSTER = "import a district's roster, and see nobody in it"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    EmergencyRight.READ_BRIEFS: frozenset({Role.OFFICER}),
    EmergencyRight.KEEP_ROSTER: frozenset({Role.DISTRICT_LEAD, Role.ADMINISTRATOR}),
}
