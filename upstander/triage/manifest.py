"""What this app brings: what the center does with a tip."""

from django.utils.translation import gettext_lazy as _

from upstander.people.roles import Role
from upstander.plug import ApprovalKind, Manifest, Mount, Panel
from upstander.triage.recorded import ACTS
from upstander.triage.rights import CARRIED_BY
from upstander.triage.stored import TABLES

MANIFEST = Manifest(
    acts=ACTS,
    mounts=(Mount("desk", "urls"),),
    panels=(
        Panel("tip.top", 10, "tip_panels.head", "triage/tip/head.html"),
        Panel("tip.side", 1, "tip_panels.banner", "triage/tip/banner.html"),
        Panel("tip.side", 7, "tip_panels.same", "triage/tip/same.html"),
        Panel("tip.side", 2, "tip_panels.not_see", "triage/tip/not_see.html"),
        Panel("tip.side", 5, "tip_panels.named", "triage/tip/named.html"),
        Panel("tip.foot", 30, "tip_panels.reply", "triage/tip/reply.html", still=True),
        Panel("tip.side", 30, "tip_panels.judgement", "triage/tip/judgement.html"),
        Panel("tip.more", 70, "tip_panels.related", "triage/tip/related.html"),
    ),
    permissions=CARRIED_BY,
    approvals=tuple(
        ApprovalKind(
            kind,
            words,
            frozenset({Role.CENTER_SUPERVISOR}),
            "moving.actions.move",
            "moving.actions.told",
        )
        for kind, words in (
            ("district_center", _("District to another center")),
            ("catch_all", _("Tips that name no place, to another center")),
        )
    ),
    tables=TABLES,
    walk="tests.walk",
)
