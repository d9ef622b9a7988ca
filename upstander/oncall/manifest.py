"""What this app brings: who is on call."""

from upstander.oncall.rights import CARRIED_BY
from upstander.oncall.stored import TABLES
from upstander.places.permissions import Permission
from upstander.plug import Manifest, Mount, RailItem, Sweep

MANIFEST = Manifest(
    rail=(RailItem(150, "On call", "/oncall", "refresh", Permission.SEE_ON_CALL),),
    sweeps=(Sweep("rest", 50, "clock.sweep_gaps"),),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
