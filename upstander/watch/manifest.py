"""What this app brings: how the system stands, and drills."""

from upstander.places.permissions import Permission
from upstander.plug import Manifest, Mount, RailItem, Sweep
from upstander.watch.rights import CARRIED_BY
from upstander.watch.stored import TABLES

MANIFEST = Manifest(
    rail=(
        RailItem(260, "Drills", "/drills", "bell", Permission.SEE_STATUS),
        RailItem(270, "Status", "/status", "check", Permission.SEE_STATUS),
    ),
    sweeps=(
        Sweep("drills", 10, "clock.sweep_drills"),
        Sweep("drills", 20, "clock.sweep_drill_answers"),
        Sweep("drills", 30, "clock.sweep_drill_calls"),
    ),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
