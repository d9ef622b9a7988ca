"""What this app brings: a school's cases."""

from django.utils.translation import gettext_lazy as _

from upstander.cases.recorded import ACTS
from upstander.cases.rights import CARRIED_BY
from upstander.cases.stored import TABLES
from upstander.people.permissions import Permission
from upstander.plug import Group, Manifest, Mount, NavItem, Panel, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.WORK,
            70,
            _("Cases"),
            "/cases",
            "file",
            Permission.WORK_CASES,
            shows=_("The cases you work on, and what is due in each."),
        ),
    ),
    sweeps=(
        Sweep("alerts", 30, "sweeps.sweep_excluded_claims"),
        Sweep("rest", 20, "sweeps.sweep_case_actions"),
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
    todo="todo.to_do",
    walk="tests.walk",
)
