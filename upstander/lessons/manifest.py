"""What this app brings: sessions with students."""

from django.utils.translation import gettext_lazy as _

from upstander.lessons.recorded import ACTS
from upstander.lessons.rights import CARRIED_BY, LessonRight
from upstander.lessons.stored import TABLES
from upstander.plug import Group, Manifest, Mount, NavItem

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.ME,
            274,
            _("Students’ sessions"),
            "/student-sessions",
            "school",
            LessonRight.LEAD,
            shows=_("Sessions with students that you plan, lead and count."),
        ),
    ),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    walk="tests.walk",
)
