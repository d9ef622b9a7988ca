"""What this app brings: people, their teams, their accounts and keys."""

from django.utils.translation import gettext_lazy as _

from upstander.people.permissions import Permission
from upstander.people.recorded import ACTS
from upstander.people.roles import LEADING, Role
from upstander.people.stored import TABLES
from upstander.plug import ApprovalKind, Group, Manifest, Mount, NavItem, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PEOPLE,
            170,
            _("People"),
            "/people",
            "people",
            Permission.LEAD_TEAM,
            shows=_("Who has an account here, and in which role."),
            more=1,
        ),
        NavItem(Group.ME, 280, _("My account"), "/people/me", "person", Permission.OWN_ACCOUNT),
    ),
    sweeps=(Sweep("rest", 30, "sweeps.sweep_run_out"),),
    mounts=(
        Mount("desk", "urls.account", prefix="account/"),
        Mount("desk", "urls.people", prefix="people/"),
    ),
    tables=TABLES,
    approvals=(
        ApprovalKind("first_key", _("Newcomer to be let in"), frozenset({Role.CENTER_SUPERVISOR})),
        ApprovalKind(
            "address",
            _("Sign-in address"),
            LEADING - {Role.MONITOR},
            "actions.people.change_address",
        ),
    ),
    walk="tests.walk",
)
