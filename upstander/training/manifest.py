"""What this app brings: the ledger of staff's training, and its courses."""

from django.utils.translation import gettext_lazy as _

from upstander.people.permissions import Permission
from upstander.plug import Group, Manifest, Mount, NavItem
from upstander.training.recorded import ACTS
from upstander.training.rights import CARRIED_BY, TrainingRight
from upstander.training.stored import TABLES

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.ME,
            273,
            _("Courses"),
            "/courses",
            "school",
            TrainingRight.OWN_DUES,
            shows=_("What you can learn here, and your certificates."),
        ),
        NavItem(
            Group.PROVE,
            153,
            _("Who has read the courses"),
            "/courses/readers",
            "check",
            Permission.CONFIRM_RULES,
            shows=_("Which courses two people have read, and which wait for that."),
        ),
    ),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
