"""From counts of whole seconds to medians and shares. Pure; too few tips say nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: So many tips it takes before a figure is more than one tip's own time.
ENOUGH: Mapping[float, int] = {0.5: 5, 0.9: 10, 0.99: 100}
#: From so many on a share is said in percent; below, as "3 of 4".
PERCENT_FROM = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """Times of one group. Seconds; None: too few tips to say."""

    tips: int
    median: int | None
    p90: int | None
    p99: int | None
    #: Of ``of`` tips whose time for it has come, so many were within the target.
    within: int = 0
    of: int = 0
    target: int | None = None

    @property
    def share(self) -> str:
        """The share within the target, in words: "97 % (291 of 300)", "3 of 4", "–"."""
        if self.target is None or not self.of:
            return "–"
        plain = f"{self.within} of {self.of}"
        # Not rounded up to a hundred while one was late.
        percent = int(100 * self.within / self.of)
        return f"{percent} % ({plain})" if self.of >= PERCENT_FROM else plain


@dataclass(frozen=True, slots=True)
class Counted:
    """So many tips took ``seconds``; ``waiting``: and are still waiting for it."""

    seconds: int
    count: int
    #: Whether the step's target is meant for these.
    aimed: bool = True
    waiting: bool = False


def figures_of(counted: Iterable[Counted], target: int | None = None) -> Figures:
    """Return the figures of a group.

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
    tips = sum(by_seconds.values())
    median, p90, p99 = (
        percentile(by_seconds, part) if tips >= least else None for part, least in ENOUGH.items()
    )
    return Figures(
        tips,
        median=median,
        p90=p90,
        p99=p99,
        within=within,
        of=of,
        target=target,
    )


def percentile(counts: Mapping[int, int], part: float) -> int | None:
    """Return the smallest value that at least ``part`` of all do not exceed (nearest rank)."""
    needed = part * sum(counts.values())
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= needed:
            return value
    return None
