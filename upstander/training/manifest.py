"""What this app brings: the ledger of staff's training, and its courses."""

from django.utils.translation import gettext_lazy as _

from upstander.people.permissions import Permission
from upstander.plug import Group, Manifest, Mount, NavItem, Sweep
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
        NavItem(
            Group.PROVE,
            122,
            _("Training"),
            "/training",
            "check",
            TrainingRight.SEE_LEDGER,
            shows=_("Who of staff owes which training, and what was signed for the year."),
        ),
        NavItem(
            Group.PROVE,
            123,
            _("Training in numbers"),
            "/training/counts",
            "chart",
            TrainingRight.COUNT,
            shows=_("How many of staff are late with training, by school."),
        ),
        NavItem(
            Group.ME,
            285,
            _("My training"),
            "/training/own",
            "check",
            TrainingRight.OWN_DUES,
            shows=_("Which courses you owe, and by when."),
        ),
    ),
    sweeps=(
        Sweep("rest", 71, "renewing.sweep_dues"),
        Sweep("notices", 72, "reminders.sweep_reminders"),
    ),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
