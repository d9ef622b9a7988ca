"""What this app brings: keys."""

from upstander.plug import Manifest, Sweep
from upstander.vault.stored import TABLES

MANIFEST = Manifest(
    sweeps=(Sweep("keys", 10, "sweeps.sweep_shred_file"),),
    tables=TABLES,
)
