"""Who may do what, of what this app alone asks for."""

from upstander.people.permissions import Right
from upstander.people.roles import SCHOOL_OFFICE, Role


class TrainingRight(Right):
    """This app's own rights."""

    SEE_LEDGER = "see who of one's school or district owes which training"
    CERTIFY = "certify who of one's school is trained, and who is late"
    KEEP_LEDGER = "read the district's employees in, and see who is late by school"
    SIGN = "sign for the district what its schools certified"
    COUNT = "see how many are trained and late, without names"
    OWN_DUES = "see what training one owes"


_SCHOOL = frozenset(SCHOOL_OFFICE)
_DISTRICT = frozenset({Role.COMPLIANCE_LEAD, Role.SUPERINTENDENT})
#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    TrainingRight.SEE_LEDGER: _SCHOOL | _DISTRICT,
    TrainingRight.CERTIFY: frozenset({Role.HEAD_OF_SCHOOL}),
    TrainingRight.KEEP_LEDGER: _DISTRICT,
    TrainingRight.SIGN: frozenset({Role.SUPERINTENDENT}),
    TrainingRight.COUNT: frozenset({Role.MONITOR}),
    TrainingRight.OWN_DUES: frozenset(
        {
            Role.TEAM_MEMBER,
            Role.TEAM_LEAD,
            Role.DISTRICT_LEAD,
            Role.STAFF_MEMBER,
            Role.STAFF_LEAD,
            *SCHOOL_OFFICE,
            *_DISTRICT,
        }
    ),
}
