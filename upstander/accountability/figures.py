"""From counts of whole seconds to medians and shares. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from upstander.base.suppression import LEAST

#: Figure → of what part of the tips it says how long they took at most, and from how many tips on.
PARTS: Final[Mapping[str, tuple[float, int]]] = {
    "times.median": (0.5, LEAST),
    "times.p90": (0.9, LEAST),
    "times.p99": (0.99, 100),
}
#: A share in steps of so many in a hundred: one tip more or less is not told.
STEP: Final = 5


@dataclass(frozen=True, slots=True)
class Times:
    """How long a group's tips took, in whole seconds: everything, whatever is told of it."""

    by_seconds: Mapping[int, int]
    #: Of ``of`` tips whose time for it has come, so many were within the target.
    within: int
    of: int

    @property
    def tips(self) -> int:
        """From how many tips it is reckoned."""
        return sum(self.by_seconds.values())

    def told(self) -> dict[str, int | None]:
        """Return its figures by key; None: too few tips to say."""
        figures: dict[str, int | None] = {
            key: percentile(self.by_seconds, part) if self.tips >= least else None
            for key, (part, least) in PARTS.items()
        }
        share = round(100 * self.within / self.of / STEP) * STEP if self.of >= LEAST else None
        return {**figures, "times.share": share}


@dataclass(frozen=True, slots=True)
class Counted:
    """So many tips took ``seconds``; ``waiting``: and are still waiting for it."""

    seconds: int
    count: int
    #: Whether the step's target is meant for these.
    aimed: bool = True
    waiting: bool = False


def times_of(counted: Iterable[Counted], target: int | None = None) -> Times:
    """Return the times of a group.

    Who still waits counts with what they have waited so far, so that no figure gets better by
    leaving tips undone; towards the target only once its time is over.
    """
    by_seconds: dict[int, int] = {}
    within = of = 0
    for one in counted:
        by_seconds[one.seconds] = by_seconds.get(one.seconds, 0) + one.count
        if target is None or not one.aimed:
            continue
        kept = one.seconds <= target
        if one.waiting and kept:
            continue
        of += one.count
        within += one.count if kept else 0
    return Times(by_seconds, within, of)


def percentile(counts: Mapping[int, int], part: float) -> int | None:
    """Return the smallest value that at least ``part`` of all do not exceed (nearest rank)."""
    needed = part * sum(counts.values())
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= needed:
            return value
    return None
