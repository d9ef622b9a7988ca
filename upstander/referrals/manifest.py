"""What this app brings: the desk of a helpline's specialist, and referrals."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import CenterKind, Group, Manifest, Mount, NavItem, Panel, Sweep
from upstander.referrals.declared import FIGURES
from upstander.referrals.recorded import ACTS
from upstander.referrals.rights import CARRIED_BY, ReferralRight
from upstander.referrals.stored import TABLES

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.WORK,
            75,
            _("Referrals"),
            "/contacts",
            "phone",
            ReferralRight.WORK,
            shows=_("People who asked for help, and whether it helped them."),
        ),
        NavItem(
            Group.PROVE,
            105,
            _("Unmet need"),
            "/unmet",
            "chart",
            ReferralRight.SEE_UNMET,
            shows=_("What people asked for and did not get, by need, town, language and hour."),
            serves=frozenset({CenterKind.CRISIS, CenterKind.ADVOCATES, CenterKind.HELPLINE}),
            more=3,
        ),
    ),
    sweeps=(
        Sweep("rest", 75, "sweeps.sweep_consents"),
        Sweep("rest", 76, "sweeps.sweep_silent_agencies"),
    ),
    panels=(
        Panel(
            "tip.more",
            75,
            "panels.in_touch",
            "referrals/in_touch.html",
            permission=ReferralRight.WORK,
        ),
    ),
    at_home="home.at_home",
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    figures=FIGURES,
    walk="tests.walk",
)
