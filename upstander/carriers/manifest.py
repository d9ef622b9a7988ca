"""What this app brings: messages out and in."""

from upstander.carriers.stored import TABLES
from upstander.places.permissions import Permission
from upstander.plug import Manifest, Mount, RailItem, Sweep

MANIFEST = Manifest(
    rail=(RailItem(290, "Outbox", "/outbox", "send", Permission.SEE_OUTBOX, demo=True),),
    sweeps=(
        Sweep("carriers", 10, "clock.sweep_silent"),
        Sweep("carriers", 20, "clock.sweep_ringing"),
        Sweep("carriers", 30, "clock.sweep_codes"),
        Sweep("carriers", 40, "clock.sweep_broken"),
        Sweep("carriers", 50, "clock.sweep_providers"),
        Sweep("carriers", 60, "clock.sweep_carried"),
        Sweep("notices", 10, "telling.sweep_notices"),
    ),
    mounts=(
        Mount("desk", "urls"),
        Mount("public", "urls_public", prefix="carriers/"),
    ),
    tables=TABLES,
    walk="tests.walk",
)
