"""What this app brings: briefs for police, and rosters."""

from upstander.dispatch.rights import CARRIED_BY, DispatchRight
from upstander.dispatch.stored import TABLES
from upstander.plug import Manifest, Panel, RailItem

MANIFEST = Manifest(
    rail=(
        RailItem(160, "Briefs", "/police", "inbox", DispatchRight.READ_BRIEFS),
        RailItem(190, "Roster", "/roster", "home", DispatchRight.KEEP_ROSTER),
    ),
    panels=(Panel("tip.side", 80, "tip_panels.help_sent", "dispatch/panel.html"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
