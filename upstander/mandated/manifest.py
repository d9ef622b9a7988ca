"""What this app brings: duties to report, the ledger, the rules."""

from upstander.mandated.declared import FIGURES
from upstander.mandated.rights import CARRIED_BY, DutyRight
from upstander.mandated.stored import TABLES
from upstander.places.permissions import Permission
from upstander.plug import Manifest, Mount, Panel, RailItem, Sweep

MANIFEST = Manifest(
    rail=(
        RailItem(110, "I suspect", "/duties", "hand", DutyRight.OWN_DUTY),
        RailItem(120, "Ledger", "/ledger", "chart", DutyRight.SEE_LEDGER),
        RailItem(125, "Missing answers", "/answers", "clock", DutyRight.ANSWER_FOR_FILE),
        RailItem(128, "Shutting out", "/leaving", "people", DutyRight.SHUT_OUT),
        RailItem(127, "Kept out of a tip", "/bars", "lock", DutyRight.DECIDE_BARS),
        RailItem(140, "How reports were made", "/monitor", "chart", DutyRight.MONITOR),
        RailItem(200, "Rules", "/rules", "scale", Permission.CONFIRM_RULES),
    ),
    sweeps=(
        Sweep("alerts", 90, "clock.sweep_reminders"),
        Sweep("alerts", 100, "clock.sweep_later"),
        Sweep("alerts", 110, "clock.sweep_asked"),
        Sweep("alerts", 120, "silence.sweep_silence"),
        Sweep("alerts", 130, "waiting.sweep_waiting"),
        Sweep("alerts", 140, "leaving.telling.sweep_leaving"),
    ),
    mounts=(Mount("desk", "urls"),),
    panels=(
        Panel("tip.side", 10, "tip_panels.suspicion", "mandated/suspicion.html", still=True),
        Panel("case.aside", 5, "tip_panels.suspicion_of_case", "mandated/of_case.html"),
    ),
    permissions=CARRIED_BY,
    tables=TABLES,
    figures=FIGURES,
    laws=("rule_sets.law_files",),
    leaving=("leaving.queries.held",),
    walk="tests.walk",
)
