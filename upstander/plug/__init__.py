"""How an app says what it brings: its manifest, and the list of all that are installed."""

from upstander.plug.collected import (
    Brought,
    PanelOn,
    gives,
    manifests,
    mounts,
    panels_on,
    rail,
    reads,
    sweeps_by_lane,
)
from upstander.plug.manifest import Column, Manifest, Mount, Panel, RailItem, Sweep, Table

__all__ = [
    "Brought",
    "Column",
    "Manifest",
    "Mount",
    "Panel",
    "PanelOn",
    "RailItem",
    "Sweep",
    "Table",
    "gives",
    "manifests",
    "mounts",
    "panels_on",
    "rail",
    "reads",
    "sweeps_by_lane",
]
