"""Who may do what, of what this app alone asks for: what is kept."""

from upstander.people.permissions import Right
from upstander.people.roles import Role


class KeepingRight(Right):
    """This app's own rights."""

    KEEP_RECORDS = "see how long what is kept, hold it, and let it go as one of two"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    KeepingRight.KEEP_RECORDS: frozenset(
        {Role.CENTER_SUPERVISOR, Role.DISTRICT_LEAD, Role.ADMINISTRATOR}
    ),
}
