"""How an app says what it brings: its manifest, and the list of all that are installed."""

from upstander.plug.collected import (
    Brought,
    PanelOn,
    figures,
    gives,
    held_at,
    law_files,
    manifests,
    mounts,
    panels_on,
    rail,
    reads,
    sweeps_by_lane,
)
from upstander.plug.figure_register import (
    Undeclared,
    published,
    published_measure,
    published_tables,
    suppressed_together,
)
from upstander.plug.manifest import Column, Figure, Manifest, Mount, Panel, RailItem, Sweep, Table

__all__ = [
    "Brought",
    "Column",
    "Figure",
    "Manifest",
    "Mount",
    "Panel",
    "PanelOn",
    "RailItem",
    "Sweep",
    "Table",
    "Undeclared",
    "figures",
    "gives",
    "held_at",
    "law_files",
    "manifests",
    "mounts",
    "panels_on",
    "published",
    "published_measure",
    "published_tables",
    "rail",
    "reads",
    "suppressed_together",
    "sweeps_by_lane",
]
