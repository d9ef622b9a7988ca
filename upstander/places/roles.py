"""Who may be what: kinds of team and the roles inside them."""

from django.db import models


class TeamKind(models.TextChoices):
    CENTER = "center", "crisis center"
    SCHOOL = "school", "school team"
    DISTRICT = "district", "district office"
    ADMINISTRATION = "administration", "system administration"
    POLICE = "police", "police contacts"
    OFFICE = "office", "office for mandated reports"
    STAFF = "staff", "school staff"
    MONITOR = "monitor", "outside monitor"
    #: No team is of this kind: whoever has left, and still has reports of their own to finish.
    FORMER = "former", "former staff"


class Role(models.TextChoices):
    COUNSELOR = "counselor", "counselor"
    CENTER_SUPERVISOR = "center_supervisor", "center supervisor"
    TEAM_MEMBER = "team_member", "school team member"
    TEAM_LEAD = "team_lead", "team lead"
    DISTRICT_LEAD = "district_lead", "district lead"
    ADMINISTRATOR = "administrator", "system administrator"
    OFFICER = "officer", "police contact"
    HEAD_OF_SCHOOL = "head_of_school", "head of school"
    DESIGNEE = "designee", "designee of the head of school"
    COMPLIANCE_LEAD = "compliance_lead", "compliance lead"
    SUPERINTENDENT = "superintendent", "superintendent"
    BOARD_CHAIR = "board_chair", "chair of the board"
    STAFF_MEMBER = "staff_member", "member of staff"
    STAFF_LEAD = "staff_lead", "keeper of the staff list"
    MONITOR = "monitor", "outside monitor"
    FORMER = "former", "former staff, own reports alone"


ROLES_OF_KIND: dict[TeamKind, frozenset[Role]] = {
    TeamKind.CENTER: frozenset({Role.COUNSELOR, Role.CENTER_SUPERVISOR}),
    TeamKind.SCHOOL: frozenset({Role.TEAM_MEMBER, Role.TEAM_LEAD}),
    TeamKind.DISTRICT: frozenset({Role.DISTRICT_LEAD}),
    TeamKind.ADMINISTRATION: frozenset({Role.ADMINISTRATOR}),
    TeamKind.POLICE: frozenset({Role.OFFICER}),
    TeamKind.OFFICE: frozenset(
        {
            Role.HEAD_OF_SCHOOL,
            Role.DESIGNEE,
            Role.COMPLIANCE_LEAD,
            Role.SUPERINTENDENT,
            Role.BOARD_CHAIR,
        }
    ),
    TeamKind.STAFF: frozenset({Role.STAFF_MEMBER, Role.STAFF_LEAD}),
    TeamKind.MONITOR: frozenset({Role.MONITOR}),
    TeamKind.FORMER: frozenset(),
}

_SCHOOL_OFFICE = frozenset({Role.HEAD_OF_SCHOOL, Role.DESIGNEE})


def roles_in(kind: str, *, of_school: bool) -> frozenset[Role]:
    """Return the roles of a kind of team; a school's office has others than the district's."""
    roles = ROLES_OF_KIND[TeamKind(kind)]
    if kind == TeamKind.OFFICE:
        return roles & _SCHOOL_OFFICE if of_school else roles - _SCHOOL_OFFICE
    return roles


#: Those who may invite into, and rotate the keys of, the team they lead. Officers keep their own
#: team: nobody of a school or center holds its key, and none of theirs is held by officers. A
#: monitor makes the key of theirs, which nothing is sealed to; they invite nobody.
LEADING: frozenset[Role] = frozenset(
    {
        Role.CENTER_SUPERVISOR,
        Role.TEAM_LEAD,
        Role.DISTRICT_LEAD,
        Role.ADMINISTRATOR,
        Role.OFFICER,
        Role.HEAD_OF_SCHOOL,
        Role.COMPLIANCE_LEAD,
        Role.STAFF_LEAD,
        Role.MONITOR,
    }
)
