"""What this app brings: the guides of a case."""

from django.utils.translation import gettext_lazy as _

from upstander.cases.guides.recorded import ACTS
from upstander.cases.guides.stored import TABLES
from upstander.people.permissions import Permission
from upstander.plug import Group, Manifest, Mount, NavItem, Panel

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PEOPLE,
            210,
            _("Guides"),
            "/guides",
            "note",
            Permission.CONFIRM_RULES,
            shows=_("The texts that teams follow in a case, for you to have reviewed."),
            more=2,
        ),
    ),
    mounts=(Mount("desk", "urls"),),
    panels=(Panel("case.aside", 10, "entries_said.gather", "guides/panel.html"),),
    tables=TABLES,
)
