"""What this app brings: times and outcomes."""

from upstander.accountability.declared import FIGURES
from upstander.accountability.rights import CARRIED_BY, FiguresRight
from upstander.accountability.stored import TABLES
from upstander.places.permissions import Permission
from upstander.plug import Manifest, Mount, RailItem, Sweep

MANIFEST = Manifest(
    rail=(
        RailItem(80, "Times", "/times", "clock", FiguresRight.SEE_TIMES),
        RailItem(90, "Figures", "/equity/cases", "chart", Permission.WORK_AS_TEAM),
        RailItem(100, "Outcomes", "/equity", "scale", FiguresRight.SEE_EQUITY),
    ),
    sweeps=(
        Sweep("rest", 60, "clock.sweep_journeys"),
        Sweep("rest", 65, "waits.sweep_waits"),
    ),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    figures=FIGURES,
    walk="tests.walk",
)
