"""What this app brings: the record."""

from upstander.audit.stored import TABLES
from upstander.plug import Manifest, Sweep

MANIFEST = Manifest(
    sweeps=(
        Sweep("rest", 70, "clock.sweep_seal"),
        Sweep("rest", 80, "clock.sweep_give"),
    ),
    tables=TABLES,
)
