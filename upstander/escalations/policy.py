"""Which step follows which, and after how long. Every policy ends in a step that repeats."""

from __future__ import annotations

from typing import NamedTuple

from upstander.places.priority import Priority


class PolicyStep(NamedTuple):
    """At ``after`` seconds ask ``target``; the last step asks again every ``repeat`` seconds."""

    after: int
    target: str
    repeat: int | None = None


#: After a hand-off, until somebody at the school says "I have it".
HANDED_OFF: dict[Priority, tuple[PolicyStep, ...]] = {
    Priority.LIFE_SAFETY: (
        PolicyStep(0, "holders"),
        PolicyStep(180, "holders"),
        PolicyStep(360, "district"),
        PolicyStep(480, "center", repeat=120),
    ),
    Priority.URGENT: (
        PolicyStep(0, "holders"),
        PolicyStep(900, "holders"),
        PolicyStep(1800, "district"),
        PolicyStep(2700, "center", repeat=900),
    ),
    Priority.ROUTINE: (
        PolicyStep(0, "holders"),
        PolicyStep(86_400, "holders"),
        PolicyStep(172_800, "district", repeat=86_400),
    ),
}

#: Within how long after "I have it" the next step must be written down, in seconds.
NEXT_STEP_SECONDS: dict[Priority, int] = {
    Priority.LIFE_SAFETY: 600,
    Priority.URGENT: 3_600,
    Priority.ROUTINE: 86_400,
}
