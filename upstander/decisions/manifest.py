"""What this app brings: how a tip ends, and the second person."""

from upstander.decisions.recorded import ACTS
from upstander.decisions.stored import TABLES
from upstander.plug import Manifest, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    sweeps=(Sweep("rest", 10, "sweeps.sweep_second_opinions"),),
    tables=TABLES,
)
