"""What this app brings: times and outcomes."""

from django.utils.translation import gettext_lazy as _

from upstander.accountability.declared import FIGURES
from upstander.accountability.recorded import ACTS
from upstander.accountability.rights import CARRIED_BY, FiguresRight
from upstander.accountability.stored import TABLES
from upstander.people.permissions import Permission
from upstander.plug import CenterKind, Group, Manifest, Mount, NavItem, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PROVE,
            80,
            _("Times"),
            "/times",
            "clock",
            FiguresRight.SEE_TIMES,
            shows=_("How long tips took, from one step to the next."),
            serves=frozenset({CenterKind.CRISIS}),
            more=1,
        ),
        NavItem(
            Group.PROVE,
            90,
            _("Case demographics"),
            "/equity/cases",
            "chart",
            Permission.WORK_AS_TEAM,
            shows=_("Who your closed cases involved, in numbers."),
            more=4,
        ),
        NavItem(
            Group.PROVE,
            100,
            _("Equity report"),
            "/equity",
            "scale",
            FiguresRight.SEE_EQUITY,
            shows=_("Whether some groups of students meet harder outcomes, in figures."),
            serves=frozenset({CenterKind.CRISIS}),
            more=3,
        ),
    ),
    sweeps=(Sweep("rest", 60, "sweeps.sweep_journeys"),),
    at_home="home.at_home",
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    figures=FIGURES,
    walk="tests.walk",
)
