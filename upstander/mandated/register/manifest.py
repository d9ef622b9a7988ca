"""What this app brings: the register of allegations."""

from upstander.mandated.register.stored import TABLES
from upstander.places.permissions import Permission
from upstander.plug import Manifest, Mount, RailItem

MANIFEST = Manifest(
    rail=(RailItem(130, "Register", "/register", "lock", Permission.KEEP_REGISTER),),
    mounts=(Mount("desk", "urls"),),
    tables=TABLES,
)
