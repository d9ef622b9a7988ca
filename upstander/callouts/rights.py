"""Who may do what, of what this app alone asks for."""

from upstander.people.permissions import Right
from upstander.people.roles import Role


class CalloutRight(Right):
    """This app's own rights. Whose callouts, the database decides: those of one's own center."""

    WORK = "take callouts of one's center, offer them, and go"
    ASK = "ask for mobile crisis from a tip or a case"
    REPORT = "see a month of mobile crisis in figures, of one's own center or watched district"
    KEEP = "say which teams go out, and to which towns"


_CENTER = frozenset({Role.COUNSELOR, Role.CENTER_SUPERVISOR})
#: Right → the roles that carry it.
CARRIED_BY: dict[Right, frozenset[Role]] = {
    CalloutRight.WORK: _CENTER,
    CalloutRight.ASK: _CENTER | {Role.TEAM_MEMBER, Role.TEAM_LEAD},
    CalloutRight.REPORT: frozenset({Role.CENTER_SUPERVISOR, Role.MONITOR}),
    CalloutRight.KEEP: frozenset({Role.ADMINISTRATOR}),
}
