"""What this app brings: the center's and the teams' pages, the record."""

from upstander.places.permissions import Permission
from upstander.plug import Manifest, Mount, Panel, RailItem

MANIFEST = Manifest(
    rail=(
        RailItem(10, "Queue", "/queue", "queue", Permission.SEE_QUEUE),
        RailItem(20, "My tips", "/queue/mine", "inbox", Permission.SEE_QUEUE),
        RailItem(30, "Supervisor", "/supervisor", "chart", Permission.SUPERVISE),
        RailItem(50, "District", "/district", "school", Permission.SEE_DISTRICT),
        RailItem(60, "Team", "/team", "inbox", Permission.WORK_AS_TEAM),
        RailItem(240, "Record", "/record", "history", Permission.SEE_RECORD),
    ),
    mounts=(
        Mount("desk", "urls"),
        Mount("desk", "team_urls"),
        Mount("desk", "dispatch_urls"),
    ),
    panels=(
        Panel("tip.top", 25, "help_911.about_911", "desk/help_911.html", "desk/help_911_part.html"),
    ),
)
