"""What this app brings: messages out and in."""

from django.utils.translation import gettext_lazy as _

from upstander.carriers.recorded import ACTS
from upstander.carriers.stored import TABLES
from upstander.people.permissions import Permission
from upstander.plug import Group, Manifest, Mount, NavItem, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.ME,
            290,
            _("Outbox"),
            "/outbox",
            "send",
            Permission.SEE_OUTBOX,
            demo=True,
            more=6,
        ),
    ),
    sweeps=(
        Sweep("carriers", 10, "sweeps.sweep_silent"),
        Sweep("carriers", 20, "sweeps.sweep_ringing"),
        Sweep("carriers", 30, "sweeps.sweep_codes"),
        Sweep("carriers", 40, "sweeps.sweep_broken"),
        Sweep("carriers", 50, "sweeps.sweep_providers"),
        Sweep("carriers", 60, "sweeps.sweep_carried"),
        Sweep("notices", 10, "digests.sweep_notices"),
    ),
    mounts=(
        Mount("desk", "urls"),
        Mount("public", "urls_public", prefix="carriers/"),
    ),
    tables=TABLES,
    walk="tests.walk",
)
