"""What this app brings: matters, who is kept out of them, and sealed folders."""

from upstander.matters.stored import TABLES
from upstander.plug import Manifest, Sweep

MANIFEST = Manifest(sweeps=(Sweep("rest", 31, "sweeps.sweep_taken_back"),), tables=TABLES)
