"""What this app brings: who is asked, and the tasks of the desk."""

from django.utils.translation import gettext_lazy as _

from upstander.escalations.recorded import ACTS
from upstander.escalations.stored import TABLES
from upstander.escalations.unasked import UNASKED
from upstander.people.permissions import Permission
from upstander.plug import Group, Manifest, Mount, NavItem, Panel, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PEOPLE,
            40,
            _("Alert rules"),
            "/policies",
            "bell",
            Permission.SUPERVISE,
            more=3,
        ),
    ),
    sweeps=(
        Sweep("alerts", 10, "time_jumps.sweep_clock"),
        Sweep("alerts", 20, "replies.sweep_answers"),
        Sweep("alerts", 40, "sweeps.sweep_news"),
        Sweep("alerts", 50, "replies.sweep_outcomes"),
        Sweep("alerts", 60, "sweeps.sweep_steps"),
        Sweep("alerts", 70, "sweeps.sweep_next_steps"),
        Sweep("alerts", 80, "sweeps.sweep_tasks"),
    ),
    mounts=(Mount("desk", "urls"),),
    panels=(
        Panel("tip.side", 4, "tip_panels.tasks", "escalations/tasks.html"),
        Panel("tip.side", 20, "tip_panels.alert", "escalations/alert.html"),
    ),
    tables=TABLES,
    waits={"asking": UNASKED},
    walk="tests.walk",
)
