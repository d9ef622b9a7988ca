"""Who takes down what a child said, and who lets an adult without an account do so."""

from typing import Final

from upstander.people.permissions import GRANTED, Permission, Right
from upstander.people.roles import LEADING, Role


class AdultRight(Right):
    """This door's own rights."""

    TAKE_DOWN = "take down what a child said"
    MAKE_LINK = "make a link by which an adult without an account takes down what a child said"


#: Everybody who owes a report of their own works with children.
_STAFF: Final = frozenset(role for role in Role if Permission.SUSPECT in GRANTED[role])

#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    AdultRight.TAKE_DOWN: _STAFF,
    # The center, and every lead and head.
    AdultRight.MAKE_LINK: _STAFF & (LEADING | {Role.COUNSELOR}),
}
