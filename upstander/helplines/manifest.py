"""What this app brings: an agency's clients, their safety plans, and accompaniment."""

from django.utils.translation import gettext_lazy as _

from upstander.helplines.declared import FIGURES
from upstander.helplines.recorded import ACTS
from upstander.helplines.rights import CARRIED_BY, AdvocateRight
from upstander.helplines.stored import TABLES
from upstander.plug import CenterKind, Group, Manifest, Mount, NavItem, Panel, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PEOPLE,
            155,
            _("Volunteers"),
            "/volunteers",
            "people",
            AdvocateRight.KEEP_VOLUNTEERS,
            shows=_("Who of your center is a volunteer, and who may take contacts."),
            serves=frozenset({CenterKind.CRISIS, CenterKind.ADVOCATES, CenterKind.HELPLINE}),
            more=3,
        ),
        NavItem(
            Group.WORK,
            72,
            _("Clients"),
            "/clients",
            "lock",
            AdvocateRight.WORK,
            shows=_("The clients of your advocacy agency. Nobody else sees them."),
            serves=frozenset({CenterKind.ADVOCATES}),
        ),
    ),
    sweeps=(
        Sweep("alerts", 47, "sweeps.sweep_accompaniments"),
        Sweep("rest", 47, "sweeps.sweep_deadlines"),
    ),
    panels=(
        Panel(
            "tip.more",
            76,
            "hand_views.panel",
            "helplines/hand_panel.html",
            permission=AdvocateRight.WORK,
        ),
    ),
    centers={CenterKind.ADVOCATES: "actions.clients.agency_of"},
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    figures=FIGURES,
    taking="shifts.may_not_take",
    walk="tests.walk",
)
