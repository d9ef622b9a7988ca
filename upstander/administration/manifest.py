"""What this app brings: the administrator's pages of places and people, imports, posters."""

from django.utils.translation import gettext_lazy as _

from upstander.administration.recorded import ACTS
from upstander.people.permissions import Permission
from upstander.people.roles import Role
from upstander.plug import ApprovalKind, Group, Manifest, Mount, NavItem

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PEOPLE,
            180,
            _("Places"),
            "/places",
            "place",
            Permission.KEEP_PLACES,
            shows=_("Centers, districts and schools."),
            more=1,
        ),
        NavItem(
            Group.PEOPLE,
            220,
            _("Posters"),
            "/posters",
            "print",
            Permission.PRINT_POSTERS,
            shows=_("Posters and cards with your school’s address, to print."),
            more=3,
        ),
    ),
    mounts=(Mount("desk", "urls"),),
    approvals=(
        ApprovalKind(
            "school_name",
            _("A school’s new name"),
            frozenset({Role.CENTER_SUPERVISOR}),
            "actions.places.rename_school",
        ),
    ),
    todo="todo.to_do",
    walk="tests.walk",
)
