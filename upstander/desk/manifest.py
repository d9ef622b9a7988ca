"""What this app brings: the center's and the teams' pages, the record."""

from django.utils.translation import gettext_lazy as _

from upstander.desk.recorded import ACTS
from upstander.people.permissions import Permission
from upstander.plug import CenterKind, Group, Manifest, Mount, NavItem, Panel

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.WORK,
            10,
            _("Queue"),
            "/queue",
            "queue",
            Permission.SEE_QUEUE,
            serves=frozenset({CenterKind.CRISIS}),
        ),
        NavItem(
            Group.WORK,
            20,
            _("My tips"),
            "/queue/mine",
            "inbox",
            Permission.SEE_QUEUE,
            serves=frozenset({CenterKind.CRISIS}),
        ),
        NavItem(
            Group.WORK,
            30,
            _("Supervisor"),
            "/supervisor",
            "chart",
            Permission.SUPERVISE,
            serves=frozenset({CenterKind.CRISIS}),
        ),
        NavItem(
            Group.WORK,
            50,
            _("District"),
            "/district",
            "school",
            Permission.SEE_DISTRICT,
            shows=_("Tips that are still open at your schools."),
        ),
        NavItem(
            Group.WORK,
            60,
            _("Team"),
            "/team",
            "inbox",
            Permission.WORK_AS_TEAM,
            shows=_("The tips that the center handed to your team."),
        ),
        NavItem(Group.WORK, 65, _("Today"), "/today", "home", Permission.SEE_TODAY),
        NavItem(
            Group.PROVE,
            240,
            _("Record"),
            "/record",
            "history",
            Permission.SEE_RECORD,
            shows=_("What was done here, by whom and when."),
            more=4,
        ),
    ),
    todo="todo.to_do",
    mounts=(
        Mount("desk", "urls"),
        Mount("desk", "team_urls"),
        Mount("desk", "emergency_urls"),
    ),
    panels=(
        Panel(
            "tip.side", 3, "help_911.about_911", "desk/help_911.html", "desk/help_911_parts.html"
        ),
    ),
)
