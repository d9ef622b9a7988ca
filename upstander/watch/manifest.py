"""What this app brings: how the system stands, and drills."""

from django.utils.translation import gettext_lazy as _

from upstander.people.permissions import Permission
from upstander.plug import Group, Manifest, Mount, NavItem, Sweep
from upstander.watch.recorded import ACTS
from upstander.watch.rights import CARRIED_BY
from upstander.watch.stored import TABLES

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PROVE,
            260,
            _("Drills"),
            "/drills",
            "bell",
            Permission.SEE_STATUS,
            shows=_("Practice alerts: who answered, and how fast."),
            more=5,
        ),
        NavItem(
            Group.PROVE,
            270,
            _("Status"),
            "/status",
            "check",
            Permission.SEE_STATUS,
            shows=_("Whether the system works now, and when it last did not."),
            more=5,
        ),
    ),
    sweeps=(
        Sweep("drills", 10, "sweeps.sweep_drills"),
        Sweep("drills", 20, "sweeps.sweep_drill_answers"),
        Sweep("drills", 30, "sweeps.sweep_drill_calls"),
    ),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
