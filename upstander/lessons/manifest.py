"""What this app brings: sessions with students."""

from upstander.lessons.recorded import ACTS
from upstander.lessons.stored import TABLES
from upstander.plug import Manifest

MANIFEST = Manifest(acts=ACTS, tables=TABLES)
