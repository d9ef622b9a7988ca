"""What this app brings: the guides of a case."""

from upstander.cases.guides.stored import TABLES
from upstander.places.permissions import Permission
from upstander.plug import Manifest, Mount, Panel, RailItem

MANIFEST = Manifest(
    rail=(RailItem(210, "Guides", "/guides", "note", Permission.CONFIRM_RULES),),
    mounts=(Mount("desk", "urls"),),
    panels=(Panel("case.aside", 10, "telling.gather", "guides/panel.html"),),
    tables=TABLES,
)
