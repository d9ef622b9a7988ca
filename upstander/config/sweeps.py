"""What the worker does, over and over: each returns how much it did, so that idle is idle."""

from __future__ import annotations

from collections.abc import Callable

from upstander.audit.clock import sweep_give, sweep_seal
from upstander.cases.clock import sweep_second_opinions
from upstander.escalations.clock import overdue_next_steps, sweep_pages, sweep_steps
from upstander.places.clock import sweep_run_out
from upstander.tips.clock import sweep_leftovers

SWEEPS: list[Callable[[], int]] = [
    sweep_steps,
    sweep_pages,
    overdue_next_steps,
    sweep_second_opinions,
    sweep_run_out,
    sweep_leftovers,
    sweep_seal,
    sweep_give,
]
