"""What this app brings: the written report."""

from upstander.mandated.written.stored import TABLES
from upstander.plug import Manifest, Mount

MANIFEST = Manifest(
    mounts=(Mount("desk", "urls"),),
    tables=TABLES,
    laws=("agency_forms.law_files",),
    walk="tests.walk",
)
