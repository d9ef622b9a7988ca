"""What this app brings: the register of allegations."""

from upstander.mandated.register.rights import CARRIED_BY, RegisterRight
from upstander.mandated.register.stored import TABLES
from upstander.plug import Manifest, Mount, RailItem

MANIFEST = Manifest(
    rail=(RailItem(130, "Register", "/register", "lock", RegisterRight.KEEP_REGISTER),),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
