"""What this app brings: who is on call."""

from django.utils.translation import gettext_lazy as _

from upstander.oncall.recorded import ACTS
from upstander.oncall.rights import CARRIED_BY
from upstander.oncall.stored import TABLES
from upstander.people.permissions import Permission
from upstander.plug import Group, Manifest, Mount, NavItem, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PEOPLE,
            150,
            _("On call"),
            "/oncall",
            "refresh",
            Permission.SEE_ON_CALL,
            shows=_("Who is reached now, and on every shift of the next weeks."),
            more=1,
        ),
    ),
    sweeps=(Sweep("rest", 50, "sweeps.sweep_gaps"),),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
