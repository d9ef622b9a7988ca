"""What this app brings: duties to report, the ledger, the rules."""

from django.utils.translation import gettext_lazy as _

from upstander.mandated.declared import FIGURES
from upstander.mandated.recorded import ACTS
from upstander.mandated.rights import CARRIED_BY, DutyRight
from upstander.mandated.stored import TABLES
from upstander.people.permissions import Permission
from upstander.plug import CenterKind, Group, Manifest, Mount, NavItem, Panel, Sweep

MANIFEST = Manifest(
    acts=ACTS,
    rail=(
        NavItem(
            Group.WORK,
            110,
            _("I suspect"),
            "/duties",
            "hand",
            DutyRight.OWN_DUTY,
            shows=_("Begin a report of your own, and follow those you made."),
        ),
        NavItem(
            Group.WORK,
            112,
            _("Should I report?"),
            "/consults",
            "info",
            Permission.SUSPECT,
            shows=_("Short questions when you are not sure. Asking is not reporting."),
            more=2,
        ),
        NavItem(
            Group.PROVE,
            120,
            _("Ledger"),
            "/ledger",
            "chart",
            DutyRight.SEE_LEDGER,
            shows=_("Whether each mandated report was made on time, by school and month."),
        ),
        NavItem(
            Group.WORK,
            125,
            _("Unanswered reports"),
            "/answers",
            "clock",
            DutyRight.ANSWER_FOR_FILE,
            shows=_("Who opened a tip about abuse and has not said whether they suspect it."),
            more=1,
        ),
        NavItem(
            Group.PEOPLE,
            128,
            _("Deactivations"),
            "/leaving",
            "people",
            DutyRight.SHUT_OUT,
            shows=_("Accounts to be deactivated while their own reports are open."),
            more=2,
        ),
        NavItem(
            Group.WORK,
            127,
            _("Exclusions"),
            "/exclusions",
            "lock",
            DutyRight.DECIDE_EXCLUSIONS,
            shows=_("Whom a reporter asked to keep out, for you to decide."),
            serves=frozenset({CenterKind.CRISIS}),
            more=1,
        ),
        NavItem(
            Group.PROVE,
            140,
            _("How reports were made"),
            "/monitor",
            "chart",
            DutyRight.MONITOR,
            shows=_("How mandated reports were made, in figures and without names."),
        ),
        NavItem(
            Group.PEOPLE,
            200,
            _("Rules"),
            "/rules",
            "scale",
            Permission.CONFIRM_RULES,
            shows=_("What the law asks, with its source, for you to compare and confirm."),
            more=1,
        ),
    ),
    sweeps=(
        Sweep("alerts", 90, "sweeps.sweep_reminders"),
        Sweep("alerts", 100, "sweeps.sweep_later"),
        Sweep("alerts", 110, "sweeps.sweep_asked"),
        Sweep("alerts", 120, "silence.sweep_silence"),
        Sweep("alerts", 130, "waiting.sweep_waiting"),
        Sweep("alerts", 140, "leaving.notices.sweep_leaving"),
    ),
    at_home="home.at_home",
    mounts=(Mount("desk", "urls"),),
    panels=(
        Panel("tip.side", 10, "tip_panels.suspicion", "mandated/suspicion.html", still=True),
        Panel("case.aside", 5, "tip_panels.suspicion_of_case", "mandated/of_case.html"),
    ),
    permissions=CARRIED_BY,
    tables=TABLES,
    figures=FIGURES,
    leaving=("leaving.queries.held",),
    todo="todo.to_do",
    walk="tests.walk",
)
