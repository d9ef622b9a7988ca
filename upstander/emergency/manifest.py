"""What this app brings: briefs for police, and rosters."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from upstander.emergency.recorded import ACTS
from upstander.emergency.rights import CARRIED_BY, EmergencyRight
from upstander.emergency.stored import TABLES
from upstander.people.roles import Role
from upstander.plug import ApprovalKind, Group, Manifest, NavItem, Panel

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(Group.WORK, 160, _("Briefs"), "/police", "inbox", EmergencyRight.READ_BRIEFS),
        NavItem(
            Group.PEOPLE,
            190,
            _("Roster"),
            "/roster",
            "home",
            EmergencyRight.KEEP_ROSTER,
            shows=_("Import the student roster, so that help can find a child."),
            more=2,
        ),
    ),
    panels=(
        Panel("tip.side", 80, "tip_panels.help_sent", "emergency/panel.html"),
        Panel("tip.side", 0, "tip_panels.police_asked", "emergency/police_asked.html"),
        Panel("tip.side", 6, "tip_panels.asked_later", "emergency/asked_later.html"),
    ),
    permissions=CARRIED_BY,
    tables=TABLES,
    approvals=(
        ApprovalKind(
            "police",
            _("Police where danger is not now"),
            frozenset({Role.CENTER_SUPERVISOR, Role.COUNSELOR}),
        ),
        ApprovalKind(
            "roster",
            _("Import that would shrink a roster"),
            frozenset({Role.ADMINISTRATOR, Role.DISTRICT_LEAD}),
            lapses=timedelta(days=7),
        ),
    ),
    walk="tests.walk",
)
