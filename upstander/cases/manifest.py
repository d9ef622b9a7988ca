"""What this app brings: a school's cases."""

from upstander.cases.rights import CARRIED_BY
from upstander.cases.stored import TABLES
from upstander.places.permissions import Permission
from upstander.plug import Manifest, Mount, Panel, RailItem, Sweep

MANIFEST = Manifest(
    rail=(RailItem(70, "Cases", "/cases", "file", Permission.WORK_CASES),),
    sweeps=(
        Sweep("alerts", 30, "clock.sweep_barred_claims"),
        Sweep("rest", 10, "clock.sweep_second_opinions"),
        Sweep("rest", 20, "clock.sweep_case_actions"),
    ),
    mounts=(Mount("desk", "urls"),),
    panels=(
        Panel("case.main", 10, "panels.doing", "cases/panels/doing.html"),
        Panel("case.main", 20, "panels.people", "cases/panels/people.html"),
        Panel("case.main", 30, "panels.writing", "cases/panels/writing.html"),
        Panel("case.main", 40, "panels.timeline", "cases/panels/timeline.html"),
        Panel("case.aside", 20, "panels.ending", "cases/panels/ending.html"),
        Panel("case.aside", 30, "panels.together", "cases/panels/together.html"),
        Panel("case.aside", 40, "panels.access", "cases/panels/access.html"),
    ),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
