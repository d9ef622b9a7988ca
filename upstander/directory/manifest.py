"""What this app brings: the helping services."""

from upstander.directory.stored import TABLES
from upstander.plug import Manifest

MANIFEST = Manifest(tables=TABLES)
