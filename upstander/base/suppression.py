"""No small number, and none that can be reckoned from the others. Pure.

A report counts, for each group (a school, a grade), how many cases there were and of how many each
of some questions was answered yes. What is shown must not tell of fewer than ten children: not a
count, not what is left of it ("all but two"), and not by taking what is shown from a total. So:

- a group of fewer than ten is hidden;
- an answer is hidden where fewer than ten, or all but fewer than ten, of its group are "yes";
- if something is hidden, so are at least two groups, and those together hold at least ten on either
  side: what the total leaves is again no small number (complementary suppression);
- a group that lies within hidden ones of another division (a grade that only one school has) is
  hidden with them;
- where even the total is too small, the whole question is.

Questions overlap ("police told" and "discipline"), none is the rest of the others, so that one
column never follows from its neighbours. Spans of time don't overlap.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

#: No number below this is shown (shared/domain: no cell under 10).
LEAST: Final = 10


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are in a group, and how many of them are "yes" to each question."""

    of: int
    yes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Shown:
    """One group as it may be shown; None: hidden."""

    of: int | None
    yes: Mapping[str, int | None]


def shown(
    groups: Mapping[str, Count],
    questions: Collection[str],
    *,
    hidden: Collection[str] = (),
    least: int = LEAST,
) -> tuple[Shown, dict[str, Shown]]:
    """Return what may be shown of all together, and of each group.

    The groups divide the whole: each case is in exactly one. ``hidden`` names groups that must not
    be shown for another reason. No number below ``least`` is shown.
    """
    whole = sum(group.of for group in groups.values())
    sizes = {name: (group.of, least) for name, group in groups.items()}
    gone = _hidden(sizes, set(hidden), least)
    answers: dict[str, dict[str, int | None]] = {name: {} for name in groups}
    totals: dict[str, int | None] = {}
    for question in questions:
        pairs = {
            name: (group.yes.get(question, 0), group.of - group.yes.get(question, 0))
            for name, group in groups.items()
        }
        yes = sum(pair[0] for pair in pairs.values())
        closed = _hidden(pairs, gone, least) if min(yes, whole - yes) >= least else set(groups)
        totals[question] = yes if min(yes, whole - yes) >= least else None
        for name, pair in pairs.items():
            answers[name][question] = None if name in closed else pair[0]
    return (
        Shown(whole if whole >= least else None, totals),
        {
            name: Shown(None if name in gone else group.of, answers[name])
            for name, group in groups.items()
        },
    )


def _hidden(pairs: Mapping[str, tuple[int, int]], before: Collection[str], least: int) -> set[str]:
    """Return the groups whose answer must be hidden, ``before`` among them."""
    gone = set(before) | {name for name, pair in pairs.items() if min(pair) < least}
    if not gone:
        return gone
    # The smallest first: they tell the least to whoever misses them, and the order tells nothing
    # that the total doesn't.
    rest = sorted((name for name in pairs if name not in gone), key=lambda n: (sorted(pairs[n]), n))
    while rest and not _is_safe([pairs[name] for name in gone], least):
        gone.add(rest.pop(0))
    if not _is_safe([pairs[name] for name in gone], least):
        return set(pairs)
    return gone


def _is_safe(left: list[tuple[int, int]], least: int) -> bool:
    """Whether what the total leaves for the hidden groups is of several, and no small number."""
    return len(left) > 1 and all(sum(side) >= least for side in zip(*left, strict=True))
