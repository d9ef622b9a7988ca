"""What this app brings: tips, as they came and as they are read."""

from upstander.plug import Manifest, Panel, Sweep
from upstander.tips.recorded import ACTS
from upstander.tips.stored import TABLES

MANIFEST = Manifest(
    acts=ACTS,
    sweeps=(
        Sweep("rest", 40, "sweeps.sweep_leftovers"),
        Sweep("rest", 41, "sweeps.sweep_links"),
    ),
    panels=(
        Panel("tip.dialog", 10, "tip_panels.answers", "tips/desk/answers.html"),
        Panel("tip.dialog", 20, "tip_panels.talk", "tips/desk/talk.html"),
        Panel("tip.more", 40, "tip_panels.notes", "tips/desk/noting.html", "tips/desk/notes.html"),
        Panel(
            "tip.more",
            50,
            "tip_panels.subjects",
            "tips/desk/naming.html",
            "tips/desk/subjects.html",
        ),
        Panel("tip.side", 60, "tip_panels.files", "tips/desk/files.html"),
        Panel("tip.more", 90, "tip_panels.history", "tips/desk/history.html"),
    ),
    tables=TABLES,
    walk="tests.walk",
)
