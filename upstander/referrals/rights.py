"""Who may do what, of what this app alone asks for."""

from upstander.people.permissions import Right
from upstander.people.roles import Role


class ReferralRight(Right):
    """This app's own rights."""

    WORK = "take contacts, refer people to services, and ask whether it helped"
    SEE_UNMET = "see which needs of one's center or district were not met, and no small number"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    ReferralRight.WORK: frozenset({Role.COUNSELOR, Role.CENTER_SUPERVISOR}),
    ReferralRight.SEE_UNMET: frozenset(
        {Role.CENTER_SUPERVISOR, Role.DISTRICT_LEAD, Role.SUPERINTENDENT}
    ),
}
