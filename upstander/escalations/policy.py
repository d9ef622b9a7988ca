"""Who is asked, and after how long: the usual steps, and what any center's own must fulfil.

A plan is all asked again after ``every`` seconds, so that none runs out. The clock starts with the
tip; after a hand-off it starts with the hand-off.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.escalations.models import Alert
from upstander.intake.priority import Priority

CENTER, SCHOOL = Alert.Stage.CENTER, Alert.Stage.SCHOOL
#: The step that a tip is filed with: when it is due, the worker writes the policy's own.
BEGIN = "begin"


class Situation(StrEnum):
    """What a plan is for. Life safety is two things: in progress, and soon."""

    NOW = "now"
    SOON = "soon"
    URGENT = "urgent"
    ROUTINE = "routine"

    @property
    def life_safety(self) -> bool:
        """Whether a life may be in danger."""
        return self in (Situation.NOW, Situation.SOON)


SITUATION_WORDS: dict[Situation, str | Promise] = {
    Situation.NOW: _("Life safety, reported as now or with 911 to decide"),
    Situation.SOON: _("Life safety, soon"),
    Situation.URGENT: _("Urgent"),
    Situation.ROUTINE: _("Routine"),
}

#: Targets without a name in them, and how they read.
TARGET_WORDS: dict[str, str | Promise] = {
    "holders": _("everyone on call at the school"),
    "backups": _("the school's backups"),
    "team": _("the school's whole team"),
    "district": _("the district's lead"),
    "center": _("the counselors on call"),
    "supervisor": _("the center's supervisor"),
    "call_task": _("a call by the center: the school, then its police dispatcher"),
    "decide_911": _("the counselors at work: read it now, and decide about 911"),
    "fallback": _("the center's fallback phone"),
}
_NAMED = re.compile(r"(person|external):[1-9][0-9]{0,17}")


class PolicyStep(NamedTuple):
    """At ``after`` seconds ask ``target``."""

    after: int
    target: str


class Plan(NamedTuple):
    """Steps in the order of time, and after how many seconds all of it begins again."""

    steps: tuple[PolicyStep, ...]
    every: int


def _plan(every: int, *steps: tuple[int, str]) -> Plan:
    return Plan(tuple(PolicyStep(*step) for step in steps), every)


#: Times in seconds. Life safety after a hand-off: everybody on call, 3 minutes, the backups,
#: 3 minutes, district and supervisor, 2 minutes, a call task; from the start every 10 minutes.
USUAL: dict[tuple[str, Situation], Plan] = {
    (CENTER, Situation.NOW): _plan(120, (0, "decide_911"), (60, "center"), (120, "supervisor")),
    (CENTER, Situation.SOON): _plan(120, (60, "center"), (120, "supervisor")),
    (CENTER, Situation.URGENT): _plan(900, (300, "center"), (900, "supervisor")),
    (CENTER, Situation.ROUTINE): _plan(1800, (1800, "center")),
    (SCHOOL, Situation.NOW): _plan(
        600,
        (0, "decide_911"),
        (0, "holders"),
        (180, "backups"),
        (360, "district"),
        (360, "supervisor"),
        (480, "call_task"),
    ),
    (SCHOOL, Situation.SOON): _plan(
        600,
        (0, "holders"),
        (180, "backups"),
        (360, "district"),
        (360, "supervisor"),
        (480, "call_task"),
    ),
    (SCHOOL, Situation.URGENT): _plan(
        3600, (0, "holders"), (900, "backups"), (1800, "district"), (2700, "center")
    ),
    (SCHOOL, Situation.ROUTINE): _plan(
        86_400, (0, "holders"), (86_400, "backups"), (172_800, "district")
    ),
}

#: When the worker looks up a new tip's policy, in seconds after it: no first step is sooner.
BEGINS: dict[Priority, int] = {Priority.LIFE_SAFETY: 0, Priority.URGENT: 60, Priority.ROUTINE: 300}

#: Within how long after "I have it" the next step must be written down, in seconds.
NEXT_STEP_SECONDS: dict[Priority, int] = {
    Priority.LIFE_SAFETY: 600,
    Priority.URGENT: 3_600,
    Priority.ROUTINE: 86_400,
}
#: A counselor who claimed a life-safety tip has so long to do something; of any other tip, and of
#: one without a topic until somebody has judged it, so long.
SILENT_CLAIM_SECONDS = 60
CLAIMED_SECONDS = 600
#: Whoever was asked again after silence has so long.
IDLE_SECONDS: dict[Priority, int] = {
    Priority.LIFE_SAFETY: 120,
    Priority.URGENT: 900,
    Priority.ROUTINE: 21_600,
}


def held_for(priority: Priority, stage: str) -> timedelta:
    """Return how long "I have it" holds an alert without a next step; ``stage``: where it is."""
    if stage != CENTER:
        return timedelta(seconds=NEXT_STEP_SECONDS[priority])
    life_safety = priority is Priority.LIFE_SAFETY
    return timedelta(seconds=SILENT_CLAIM_SECONDS if life_safety else CLAIMED_SECONDS)


#: How long a reporter of a life-safety tip waits before the counselors' phones ring; the
#: supervisor's ring a minute later; and so on, every two minutes.
UNANSWERED = _plan(120, (120, "center"), (180, "supervisor"))
#: Words without a topic or a "now" that nobody has judged: everyone on call after a minute, the
#: supervisor after three.
UNJUDGED = _plan(180, (60, "center"), (180, "supervisor"))
#: A task nobody took: the counselors at once, the supervisor a minute later, again and again.
UNTAKEN = _plan(120, (0, "center"), (60, "supervisor"))
#: A hand-off passed somebody by, and nobody has said in time whether it is about them.
ABOUT_WHOM = _plan(120, (0, "supervisor"), (60, "center"))
#: "Now" was ticked and nobody has opened the words, or whoever did has not decided about 911:
#: everybody on call and the supervisor at once, the center's fallback phone a minute later.
UNREAD = _plan(120, (0, "center"), (0, "supervisor"), (60, "fallback"))

#: What a life-safety plan can't go below, in seconds: no silence longer than GAP, the first
#: step no later than FIRST, and beyond the school by BEYOND.
GAP, FIRST, BEYOND = 300, 60, 900
LONGEST = 7 * 86_400
MOST_STEPS = 20


def situation_of(priority: Priority, *, happening_now: bool) -> Situation:
    """Return which plan a tip follows; ``happening_now``: also where 911 is to be decided."""
    if priority is Priority.LIFE_SAFETY:
        return Situation.NOW if happening_now else Situation.SOON
    return Situation(priority.value)


def is_target(target: str) -> bool:
    """Tell whether a text names somebody that a step can ask."""
    return target in TARGET_WORDS or _NAMED.fullmatch(target) is not None


def problems_with(plan: Plan, stage: str, situation: Situation) -> list[str]:
    """Return in plain words why a plan can't be used; empty: it can.

    Pure: whether a named person still exists is for ``targets.py``.
    """
    steps = plan.steps
    if not steps:
        return [gettext("Add at least one step: a rule without steps asks nobody.")]
    found: list[str] = []
    if len(steps) > MOST_STEPS:
        found.append(gettext("Use at most %(most_steps)s steps.") % {"most_steps": MOST_STEPS})
    found += [
        gettext("“%(target)s” can’t be asked.") % {"target": step.target}
        for step in steps
        if not is_target(step.target)
    ]
    if any(not 0 <= step.after <= LONGEST for step in steps) or not 60 <= plan.every <= LONGEST:
        found.append(
            gettext("Every time must be between 0 and 7 days, and the repeat at least 1 minute.")
        )
    if list(steps) != sorted(steps, key=lambda step: step.after):
        found.append(gettext("Put the steps in order of time."))
    if len({(step.after, step.target) for step in steps}) < len(steps):
        found.append(gettext("Two steps are the same."))
    if stage == CENTER and any(
        step.target in ("holders", "backups", "team", "district") for step in steps
    ):
        found.append(
            gettext(
                "Before a hand-off, only the center can be asked: no school knows about the tip "
                "yet."
            )
        )
    asks = [step for step in steps if step.target != "decide_911"]
    if not asks:
        found.append(gettext("A task for the center is not enough: someone must be asked as well."))
    elif situation.life_safety:
        found += _too_slow(plan, asks, stage, situation)
    elif stage == CENTER and steps[0].after < BEGINS[Priority(situation.value)]:
        found.append(
            gettext("The first step can't be sooner than %(begins)s seconds after such a tip.")
            % {"begins": BEGINS[Priority(situation.value)]}
        )
    return found


def _too_slow(
    plan: Plan, asks: Sequence[PolicyStep], stage: str, situation: Situation
) -> list[str]:
    """Return what a life-safety plan may not do: wait too long, stay in the school, run dry."""
    found: list[str] = []
    if asks[0].after > FIRST:
        found.append(
            gettext(
                "When a life may be in danger, the first people must be asked within %(first)s "
                "seconds."
            )
            % {"first": FIRST}
        )
    times = [step.after for step in asks]
    round_again = plan.every + times[0] - times[-1]
    gaps = [later - sooner for sooner, later in itertools.pairwise(times)]
    if round_again < 0:
        found.append(gettext("It repeats before its last step. Make the repeat longer."))
    if max([*gaps, round_again]) > GAP:
        found.append(
            gettext(
                "When a life may be in danger, at most %(gap)s minutes may pass between two steps "
                "and before the repeat."
            )
            % {"gap": GAP // 60}
        )
    beyond = {"center", "supervisor", "call_task"}
    if not any(step.target in beyond and step.after <= BEYOND for step in asks):
        found.append(
            gettext(
                "Within %(beyond)s minutes the center itself must be asked (counselors, "
                "supervisor, or a call task): the school may be empty."
            )
            % {"beyond": BEYOND // 60}
        )
    if stage == SCHOOL and not any(step.target in ("holders", "team") for step in asks[:2]):
        found.append(gettext("The school's team must be asked first."))
    if situation is Situation.NOW and PolicyStep(0, "decide_911") not in plan.steps:
        found.append(
            gettext(
                "Tips reported as happening now must have “read it now, and decide about 911” at "
                "0 seconds."
            )
        )
    return found


def within_center(plan: Plan) -> Plan:
    """Return a plan that asks the center alone: whoever would be phoned outside, its supervisor is.

    Of single persons only the center's are asked (``targets.py``).
    """
    steps = (
        step._replace(target="supervisor")
        if step.target == "call_task" or step.target.startswith("external:")
        else step
        for step in plan.steps
    )
    return plan._replace(steps=tuple(dict.fromkeys(steps)))


def first_due(after: int, every: int, elapsed: float) -> int:
    """Return the first time (s after the beginning) at which a step is due, not before ``elapsed``.

    A step that is over comes again with the next round, so a plan laid late misses nobody out.
    """
    if after >= elapsed:
        return after
    rounds = -(-(elapsed - after) // every)
    return after + int(rounds) * every
