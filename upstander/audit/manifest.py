"""What this app brings: the record."""

from upstander.audit.recorded import ACTS
from upstander.audit.stored import TABLES
from upstander.plug import Manifest, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    sweeps=(
        Sweep("rest", 70, "sweeps.sweep_seal"),
        Sweep("rest", 80, "sweeps.sweep_give"),
    ),
    tables=TABLES,
)
