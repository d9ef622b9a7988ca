"""What this app brings: places, people and their accounts."""

from upstander.places.permissions import Permission
from upstander.places.stored import TABLES
from upstander.plug import Manifest, Mount, RailItem, Sweep

MANIFEST = Manifest(
    rail=(
        RailItem(170, "People", "/people", "people", Permission.LEAD_TEAM),
        RailItem(180, "Places", "/places", "place", Permission.KEEP_PLACES),
        RailItem(220, "Posters", "/posters", "print", Permission.PRINT_POSTERS),
        RailItem(280, "My account", "/people/me", "person", Permission.OWN_ACCOUNT),
    ),
    sweeps=(Sweep("rest", 30, "clock.sweep_run_out"),),
    mounts=(
        Mount("desk", "urls.account", prefix="account/"),
        Mount("desk", "urls.people"),
    ),
    tables=TABLES,
    walk="tests.walk",
)
