"""What this app brings: the register of allegations."""

from django.utils.translation import gettext_lazy as _

from upstander.mandated.register.recorded import ACTS
from upstander.mandated.register.rights import CARRIED_BY, RegisterRight
from upstander.mandated.register.stored import TABLES
from upstander.plug import Group, Manifest, Mount, NavItem

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PEOPLE,
            130,
            _("Register"),
            "/register",
            "lock",
            RegisterRight.KEEP_REGISTER,
            shows=_("Allegations against adults on staff, and what was found."),
        ),
    ),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
