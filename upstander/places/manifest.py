"""What this app brings: centers, districts and schools."""

from upstander.places.stored import TABLES
from upstander.plug import Manifest

MANIFEST = Manifest(tables=TABLES)
