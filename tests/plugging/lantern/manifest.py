"""What this app brings: lanterns."""

from tests.plugging.lantern.rights import LanternRight
from upstander.places.roles import Role
from upstander.plug import Manifest, Mount, Panel, RailItem, Sweep

MANIFEST = Manifest(
    rail=(RailItem(295, "Lanterns", "/lanterns", "bell", LanternRight.LIGHT),),
    sweeps=(Sweep("rest", 500, "clock.sweep_oil"),),
    panels=(Panel("tip.side", 500, "panels.lantern", "lantern/panel.html"),),
    mounts=(Mount("desk", "urls"),),
    permissions={LanternRight.LIGHT: frozenset({Role.COUNSELOR})},
)
