"""No small number in one table, and none that its total gives away. Pure.

A report counts, for each group (a school, a grade), how many cases there were and of how many each
of some questions was answered yes. What is shown must not tell of fewer than ten children: not a
count, not what is left of it ("all but two"), and not by taking what is shown from a total. So:

- a group of fewer than ten is hidden;
- an answer is hidden where fewer than ten, or all but fewer than ten, of its group are "yes";
- if something is hidden, so are at least two groups, and those together hold at least ten on either
  side: what the total leaves is again no small number (complementary suppression);
- where even the total is too small, the whole question is.

Several tables beside each other say more than each alone: ``joint`` sees to that, and is what
publishes. This is its first step.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

#: No number below this is shown (shared/domain: no cell under 10).
LEAST: Final = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """One group as it may be shown; None: hidden."""

    of: int | None
    yes: Mapping[str, int | None]


def closed[G: (int, str)](
    pairs: Mapping[G, tuple[int, int]],
    before: Collection[G],
    least: int,
    near: Mapping[G, Collection[G]] | None = None,
) -> set[G]:
    """Return the groups whose answer must be hidden in one table, ``before`` among them.

    ``pairs``: how many of each group are "yes" and how many are not. ``near``: for each group those
    that hide it better than others do, because a case could as well be theirs.
    """
    gone = set(before) | {name for name, pair in pairs.items() if min(pair) < least}
    if not gone:
        return gone
    better = {one for name in gone for one in near.get(name, ())} if near else set()
    # The smallest first: they tell the least to whoever misses them, and the order tells nothing
    # that the total doesn't.
    rest = sorted(
        (name for name in pairs if name not in gone),
        key=lambda n: (n not in better, sorted(pairs[n]), n),
    )
    while rest and not _is_safe([pairs[name] for name in gone], least):
        gone.add(rest.pop(0))
    if not _is_safe([pairs[name] for name in gone], least):
        return set(pairs)
    return gone


def _is_safe(left: list[tuple[int, int]], least: int) -> bool:
    """Whether what the total leaves for the hidden groups is of several, and no small number."""
    return len(left) > 1 and all(sum(side) >= least for side in zip(*left, strict=True))
