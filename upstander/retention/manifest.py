"""What this app brings: how long what is over is kept."""

from upstander.plug import Manifest, Mount, RailItem, Sweep
from upstander.retention.rights import CARRIED_BY, KeepingRight
from upstander.retention.stored import TABLES

MANIFEST = Manifest(
    rail=(RailItem(250, "Keeping", "/retention", "clock", KeepingRight.KEEP_RECORDS),),
    sweeps=(
        Sweep("rest", 90, "clock.sweep_due"),
        Sweep("rest", 100, "clock.sweep_disposals"),
        Sweep("rest", 110, "clock.sweep_copies"),
    ),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    laws=("schedules.law_files",),
    walk="tests.walk",
)
