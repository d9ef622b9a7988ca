"""Who may do what, of what this app alone asks for: the ledger and its monitors."""

from upstander.people.permissions import GRANTED, Permission, Right
from upstander.people.roles import DISTRICT_OFFICE, SCHOOL_OFFICE, Role


class DutyRight(Right):
    """This app's own rights."""

    OWN_DUTY = "see one's own reports, and write down what was done about them"
    SHUT_OUT = "decide, as one of two, that someone with open reports is shut out"
    SEE_LEDGER = "see how the duties of one's school or district were kept"
    ANSWER_FOR_FILE = "answer for the file where whoever opened it does not"
    DECIDE_EXCLUSIONS = "decide on an exclusion that would leave nobody of a team"
    MONITOR = "see a district's figures and proofs, without names"


#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    DutyRight.OWN_DUTY: frozenset(
        role for role in Role if role is Role.FORMER or Permission.SUSPECT in GRANTED[role]
    ),
    DutyRight.SHUT_OUT: frozenset({Role.ADMINISTRATOR, *DISTRICT_OFFICE}),
    DutyRight.SEE_LEDGER: frozenset({*SCHOOL_OFFICE, *DISTRICT_OFFICE}),
    DutyRight.ANSWER_FOR_FILE: frozenset(DISTRICT_OFFICE),
    DutyRight.DECIDE_EXCLUSIONS: frozenset({Role.CENTER_SUPERVISOR, Role.COMPLIANCE_LEAD}),
    DutyRight.MONITOR: frozenset({Role.MONITOR}),
}
