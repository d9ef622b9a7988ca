"""What this app brings: the desk of a helpline's specialist, and referrals."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Group, Manifest, Mount, NavItem, Sweep
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
    ),
    sweeps=(Sweep("rest", 75, "sweeps.sweep_consents"),),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    todo="todo.to_do",
    walk="tests.walk",
)
