"""What this app brings: published figures, kept as they were."""

from upstander.editions.recorded import ACTS
from upstander.editions.stored import TABLES
from upstander.plug import Manifest

MANIFEST = Manifest(acts=ACTS, tables=TABLES)
