"""Who may be what: kinds of team and the roles inside them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TeamKind(models.TextChoices):
    CENTER = "center", _("crisis center")
    SCHOOL = "school", _("school team")
    DISTRICT = "district", _("district office")
    ADMINISTRATION = "administration", _("system administration")
    POLICE = "police", _("police contacts")
    OFFICE = "office", _("office for mandated reports")
    STAFF = "staff", _("school staff")
    MONITOR = "monitor", _("outside monitor")
    #: No team is of this kind: whoever has left, and still has reports of their own to finish.
    FORMER = "former", _("former staff")


class Role(models.TextChoices):
    COUNSELOR = "counselor", _("counselor")
    CENTER_SUPERVISOR = "center_supervisor", _("center supervisor")
    TEAM_MEMBER = "team_member", _("school team member")
    TEAM_LEAD = "team_lead", _("team lead")
    DISTRICT_LEAD = "district_lead", _("district lead")
    ADMINISTRATOR = "administrator", _("system administrator")
    OFFICER = "officer", _("police contact")
    HEAD_OF_SCHOOL = "head_of_school", _("head of school")
    DESIGNEE = "designee", _("designee of the head of school")
    COMPLIANCE_LEAD = "compliance_lead", _("compliance lead")
    SUPERINTENDENT = "superintendent", _("superintendent")
    BOARD_CHAIR = "board_chair", _("board chair")
    STAFF_MEMBER = "staff_member", _("staff member")
    STAFF_LEAD = "staff_lead", _("staff list manager")
    MONITOR = "monitor", _("outside monitor")
    FORMER = "former", _("former staff, own reports only")


#: A school's office for mandated reports, and its district's, in the order in which they are told.
#: The database's list is `people_roles_of`; a test compares the two.
SCHOOL_OFFICE = (Role.HEAD_OF_SCHOOL, Role.DESIGNEE)
DISTRICT_OFFICE = (Role.COMPLIANCE_LEAD, Role.SUPERINTENDENT, Role.BOARD_CHAIR)

ROLES_OF_KIND: dict[TeamKind, frozenset[Role]] = {
    TeamKind.CENTER: frozenset({Role.COUNSELOR, Role.CENTER_SUPERVISOR}),
    TeamKind.SCHOOL: frozenset({Role.TEAM_MEMBER, Role.TEAM_LEAD}),
    TeamKind.DISTRICT: frozenset({Role.DISTRICT_LEAD}),
    TeamKind.ADMINISTRATION: frozenset({Role.ADMINISTRATOR}),
    TeamKind.POLICE: frozenset({Role.OFFICER}),
    TeamKind.OFFICE: frozenset({*SCHOOL_OFFICE, *DISTRICT_OFFICE}),
    TeamKind.STAFF: frozenset({Role.STAFF_MEMBER, Role.STAFF_LEAD}),
    TeamKind.MONITOR: frozenset({Role.MONITOR}),
    TeamKind.FORMER: frozenset(),
}


def roles_in(kind: str, *, of_school: bool) -> frozenset[Role]:
    """Return the roles of a kind of team; a school's office has others than the district's."""
    if kind == TeamKind.OFFICE:
        return frozenset(SCHOOL_OFFICE if of_school else DISTRICT_OFFICE)
    return ROLES_OF_KIND[TeamKind(kind)]


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
