"""What this app brings: the written report."""

from upstander.mandated.written.recorded import ACTS
from upstander.mandated.written.stored import TABLES
from upstander.plug import Manifest, Mount

MANIFEST = Manifest(
    acts=ACTS,
    mounts=(Mount("desk", "urls"),),
    tables=TABLES,
    walk="tests.walk",
)
