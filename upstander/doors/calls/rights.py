"""Who takes calls, and who brings others into one."""

from typing import Final

from upstander.people.permissions import Right
from upstander.people.roles import Role


class CallRight(Right):
    """This door's own rights."""

    TAKE_CALLS = "take a reporter's call, hold it, hand it on, end it and call back"
    JOIN_ROOM = "ask an interpreter or the 911 center into a call"


_CENTER: Final = frozenset({Role.COUNSELOR, Role.CENTER_SUPERVISOR})

#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    CallRight.TAKE_CALLS: _CENTER,
    CallRight.JOIN_ROOM: _CENTER,
}
