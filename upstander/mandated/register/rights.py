"""Who may do what, of what this app alone asks for: the register."""

from upstander.people.permissions import Right
from upstander.people.roles import DISTRICT_OFFICE, Role


class RegisterRight(Right):
    """This app's own rights."""

    KEEP_REGISTER = "open the register of allegations about staff, with a reason"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    RegisterRight.KEEP_REGISTER: frozenset(DISTRICT_OFFICE),
}
