"""What this app brings: callouts of mobile crisis, and who goes out to which towns."""

from django.utils.translation import gettext_lazy as _

from upstander.callouts.recorded import ACTS
from upstander.callouts.rights import CARRIED_BY, CalloutRight
from upstander.callouts.stored import TABLES
from upstander.plug import CenterKind, Group, Manifest, Mount, NavItem, Panel, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.WORK,
            73,
            _("Callouts"),
            "/callouts",
            "place",
            CalloutRight.WORK,
            shows=_("Children in crisis, who is on the way, and who is free."),
            serves=frozenset({CenterKind.MOBILE}),
        ),
        NavItem(
            Group.PROVE,
            145,
            _("Callouts by month"),
            "/callouts/month",
            "chart",
            CalloutRight.REPORT,
            shows=_("How many children were visited, and how fast."),
            serves=frozenset({CenterKind.MOBILE}),
            more=3,
        ),
        NavItem(
            Group.PEOPLE,
            45,
            _("Callout sites"),
            "/callouts/sites",
            "place",
            CalloutRight.KEEP,
            shows=_("Which teams respond to children in crisis, and in which towns."),
            more=3,
        ),
    ),
    sweeps=(
        Sweep("alerts", 45, "sweeps.sweep_callouts"),
        Sweep("rest", 67, "sweeps.sweep_families"),
    ),
    centers={CenterKind.MOBILE: "queries.has_site"},
    mounts=(Mount("desk", "urls"),),
    panels=(
        Panel(
            "tip.more", 45, "panels.tip_callout", "callouts/panel.html", permission=CalloutRight.ASK
        ),
        Panel(
            "case.aside",
            45,
            "panels.case_callout",
            "callouts/panel.html",
            permission=CalloutRight.ASK,
        ),
    ),
    permissions=CARRIED_BY,
    # Whoever pressed the silent alarm, until somebody has seen to it.
    silences="SELECT held_by AS person_id FROM callouts_callout WHERE panic_at IS NOT NULL",
    tables=TABLES,
    todo="todo.to_do",
    walk="tests.walk",
)
