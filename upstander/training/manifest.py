"""What this app brings: the ledger of staff's training."""

from upstander.plug import Manifest
from upstander.training.recorded import ACTS
from upstander.training.rights import CARRIED_BY
from upstander.training.stored import TABLES

MANIFEST = Manifest(acts=ACTS, permissions=CARRIED_BY, tables=TABLES)
