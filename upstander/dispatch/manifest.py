"""What this app brings: briefs for police, and rosters."""

from upstander.dispatch.stored import TABLES
from upstander.places.permissions import Permission
from upstander.plug import Manifest, Panel, RailItem

MANIFEST = Manifest(
    rail=(
        RailItem(160, "Briefs", "/police", "inbox", Permission.READ_BRIEFS),
        RailItem(190, "Roster", "/roster", "home", Permission.KEEP_ROSTER),
    ),
    panels=(Panel("tip.side", 80, "tip_panels.help_sent", "dispatch/panel.html"),),
    tables=TABLES,
)
