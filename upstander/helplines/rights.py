"""Who may do what, of what this app alone asks for."""

from upstander.people.permissions import Right
from upstander.people.roles import Role


class AdvocateRight(Right):
    """This app's own rights. Whose clients, the database decides: those of one's own agency."""

    KEEP_VOLUNTEERS = "say who of one's center is a volunteer, and that they may take contacts"
    WORK = "help clients of one's own agency of advocates, and go along with them"
    RELEASE = "release the figures of one's own agency of advocates"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    AdvocateRight.KEEP_VOLUNTEERS: frozenset({Role.CENTER_SUPERVISOR}),
    AdvocateRight.WORK: frozenset({Role.COUNSELOR, Role.CENTER_SUPERVISOR}),
    AdvocateRight.RELEASE: frozenset({Role.CENTER_SUPERVISOR}),
}
