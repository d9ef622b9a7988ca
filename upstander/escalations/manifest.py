"""What this app brings: who is asked, and the tasks of the desk."""

from upstander.escalations.stored import TABLES
from upstander.places.permissions import Permission
from upstander.plug import Manifest, Mount, Panel, RailItem, Sweep

MANIFEST = Manifest(
    rail=(RailItem(40, "Who is asked", "/policies", "bell", Permission.SUPERVISE),),
    sweeps=(
        Sweep("alerts", 10, "time_jumps.sweep_clock"),
        Sweep("alerts", 20, "replies.sweep_answers"),
        Sweep("alerts", 40, "clock.sweep_news"),
        Sweep("alerts", 50, "replies.sweep_outcomes"),
        Sweep("alerts", 60, "clock.sweep_steps"),
        Sweep("alerts", 70, "clock.sweep_next_steps"),
        Sweep("alerts", 80, "clock.sweep_tasks"),
    ),
    mounts=(Mount("desk", "urls"),),
    panels=(
        Panel("tip.top", 30, "tip_panels.tasks", "escalations/tasks.html"),
        Panel("tip.side", 20, "tip_panels.alert", "escalations/alert.html"),
    ),
    tables=TABLES,
    walk="tests.walk",
)
