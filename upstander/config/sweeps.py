"""What the worker does, over and over: each returns how much it did, so that idle is idle.

Each lane is a thread with a connection of its own: what is slow in one holds up no other. Pages are
sent by a lane and threads of their own (``command/worker.py``).
"""

from __future__ import annotations

from collections.abc import Callable

from upstander.accountability.clock import sweep_journeys
from upstander.audit.clock import sweep_give, sweep_seal
from upstander.carriers.clock import (
    sweep_broken,
    sweep_carried,
    sweep_codes,
    sweep_providers,
    sweep_ringing,
    sweep_silent,
)
from upstander.carriers.telling import sweep_notices
from upstander.cases.clock import (
    sweep_barred_claims,
    sweep_case_actions,
    sweep_second_opinions,
)
from upstander.escalations.clock import sweep_news, sweep_next_steps, sweep_steps, sweep_tasks
from upstander.escalations.replies import sweep_answers, sweep_outcomes
from upstander.escalations.time_jumps import sweep_clock
from upstander.mandated.clock import sweep_asked, sweep_later, sweep_reminders
from upstander.oncall.clock import sweep_gaps
from upstander.places.clock import sweep_run_out
from upstander.retention.clock import sweep_copies, sweep_disposals, sweep_due
from upstander.tips.clock import sweep_leftovers
from upstander.vault.clock import sweep_shred_file
from upstander.watch.clock import sweep_drill_answers, sweep_drill_calls, sweep_drills

#: What decides who is asked: quick, and only of the database.
ALERTS: list[Callable[[], int]] = [
    sweep_clock,
    sweep_answers,
    sweep_barred_claims,
    sweep_news,
    sweep_outcomes,
    sweep_steps,
    sweep_next_steps,
    sweep_tasks,
    sweep_reminders,
    sweep_later,
    sweep_asked,
]

#: Everything that may wait its turn.
SWEEPS: list[Callable[[], int]] = [
    sweep_second_opinions,
    sweep_case_actions,
    sweep_run_out,
    sweep_leftovers,
    sweep_gaps,
    sweep_journeys,
    sweep_seal,
    sweep_give,
    sweep_due,
    sweep_disposals,
    sweep_copies,
    sweep_shred_file,
]

#: What talks to providers: they may be slow.
CARRIERS: list[Callable[[], int]] = [
    sweep_silent,
    sweep_ringing,
    sweep_codes,
    sweep_broken,
    sweep_providers,
    sweep_carried,
]

#: What people are told beside alerts, by mail mostly: a mail server that hangs holds up no call.
NOTICES: list[Callable[[], int]] = [sweep_notices]

#: Test pages wait for providers too: never in front of what is real.
DRILLS: list[Callable[[], int]] = [sweep_drills, sweep_drill_answers, sweep_drill_calls]

#: Lane → its sweeps.
LANES: dict[str, list[Callable[[], int]]] = {
    "alerts": ALERTS,
    "carriers": CARRIERS,
    "notices": NOTICES,
    "drills": DRILLS,
    "rest": SWEEPS,
}
