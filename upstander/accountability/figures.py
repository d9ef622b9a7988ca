"""From counts of whole seconds to medians and shares. Pure but for the register of figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from upstander.base.published import PublishedInt, PublishedText
from upstander.plug import published

#: Of how many tips a figure says how long they took at most.
PARTS: Mapping[str, float] = {"median": 0.5, "p90": 0.9, "p99": 0.99}
#: From so many on a share is said in percent; below, as "3 of 4".
PERCENT_FROM = 20


@dataclass(frozen=True, slots=True)
class Figures:
    """Times of one group, published. Seconds; None: too few tips to say."""

    tips: PublishedInt
    median: PublishedInt | None
    p90: PublishedInt | None
    p99: PublishedInt | None
    #: Of ``of`` tips whose time for it has come, so many were within the target.
    within: PublishedInt
    of: PublishedInt
    target: int | None = None

    @property
    def share(self) -> PublishedText:
        """The share within the target, in words: "97 % (291 of 300)", "3 of 4", "–"."""
        if self.target is None or not self.of:
            return published("times.share", "–")
        plain = f"{self.within} of {self.of}"
        # Not rounded up to a hundred while one was late.
        percent = int(100 * self.within / self.of)
        return published(
            "times.share", f"{percent} % ({plain})" if self.of >= PERCENT_FROM else plain
        )


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
    # Below its declared number of tips a figure would be one tip's own time.
    median, p90, p99 = (
        published(f"times.{name}", percentile(by_seconds, part), of=tips)
        for name, part in PARTS.items()
    )
    return Figures(
        published("times.tips", tips),
        median=median,
        p90=p90,
        p99=p99,
        within=published("times.within", within),
        of=published("times.within", of),
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
