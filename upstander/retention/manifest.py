"""What this app brings: how long what is over is kept."""

from django.utils.translation import gettext_lazy as _

from upstander.plug import Group, Manifest, Mount, NavItem, Sweep
from upstander.retention.recorded import ACTS
from upstander.retention.rights import CARRIED_BY, KeepingRight
from upstander.retention.stored import TABLES

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PROVE,
            250,
            _("Records retention"),
            "/retention",
            "clock",
            KeepingRight.KEEP_RECORDS,
            shows=_("What is due to be destroyed, and what must stay."),
            more=3,
        ),
    ),
    sweeps=(
        Sweep("rest", 90, "sweeps.sweep_due"),
        Sweep("rest", 100, "sweeps.sweep_disposals"),
        Sweep("rest", 110, "sweeps.sweep_copies"),
    ),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
