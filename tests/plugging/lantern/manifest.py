"""What this app brings: lanterns."""

from tests.plugging.lantern.rights import LanternRight
from upstander.people.roles import Role
from upstander.plug import Group, Manifest, Mount, NavItem, Panel, Sweep

MANIFEST = Manifest(
    rail=(NavItem(Group.ME, 295, "Lanterns", "/lanterns", "bell", LanternRight.LIGHT),),
    sweeps=(Sweep("rest", 500, "sweeps.sweep_oil"),),
    panels=(Panel("tip.side", 500, "panels.lantern", "lantern/panel.html"),),
    mounts=(Mount("desk", "urls"),),
    permissions={LanternRight.LIGHT: frozenset({Role.COUNSELOR})},
)
