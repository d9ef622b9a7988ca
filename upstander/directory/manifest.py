"""What this app brings: the helping services."""

from django.utils.translation import gettext_lazy as _

from upstander.directory.recorded import ACTS
from upstander.directory.stored import TABLES
from upstander.people.permissions import Permission
from upstander.plug import Group, Manifest, Mount, NavItem, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PEOPLE,
            215,
            _("Helping services"),
            "/services",
            "phone",
            Permission.CONFIRM_SERVICES,
            shows=_("What families read on the safety page, and who has checked it."),
            more=2,
        ),
    ),
    mounts=(Mount("desk", "urls"),),
    sweeps=(
        Sweep("rest", 55, "sweeps.sweep_services"),
        Sweep("feeds", 10, "sweeps.sweep_feeds"),
    ),
    tables=TABLES,
    todo="todo.to_do",
    walk="tests.walk",
)
