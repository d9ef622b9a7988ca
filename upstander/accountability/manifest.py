"""What this app brings: times and outcomes."""

from upstander.accountability.stored import TABLES
from upstander.places.permissions import Permission
from upstander.plug import Manifest, Mount, RailItem, Sweep

MANIFEST = Manifest(
    rail=(
        RailItem(80, "Times", "/times", "clock", Permission.SEE_TIMES),
        RailItem(90, "Figures", "/equity/cases", "chart", Permission.WORK_AS_TEAM),
        RailItem(100, "Outcomes", "/equity", "scale", Permission.SEE_EQUITY),
    ),
    sweeps=(Sweep("rest", 60, "clock.sweep_journeys"),),
    mounts=(Mount("desk", "urls"),),
    tables=TABLES,
)
