"""What this app brings: what holds only once a second person has agreed to it."""

from django.utils.translation import gettext_lazy as _

from upstander.approvals.recorded import ACTS
from upstander.approvals.rights import CARRIED_BY, ApprovalRight
from upstander.approvals.stored import TABLES
from upstander.plug import Group, Manifest, Mount, NavItem

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.PEOPLE,
            187,
            _("Approvals"),
            "/approvals",
            "check",
            ApprovalRight.SEE,
            shows=_("Requests that need a second person’s approval."),
            more=2,
        ),
    ),
    mounts=(Mount("desk", "urls"),),
    permissions=CARRIED_BY,
    tables=TABLES,
    todo="todo.to_do",
    approves="actions.ask",
)
