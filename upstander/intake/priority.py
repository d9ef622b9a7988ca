"""The three priorities of a tip, in order. A person may lower one; software only raises."""

from __future__ import annotations

from enum import StrEnum


class Priority(StrEnum):
    """How soon somebody must act. Compares by urgency, not by spelling.

    As plain strings ``"life_safety" < "routine"``; a sort or a ``max`` over them would put a
    life behind a lost bicycle, so the comparisons are ours.
    """

    ROUTINE = "routine"
    URGENT = "urgent"
    LIFE_SAFETY = "life_safety"

    @property
    def rank(self) -> int:
        """0 routine, 1 urgent, 2 life safety: for a database column that sorts."""
        return _RANKS[self.value]

    def __lt__(self, other: str) -> bool:
        return self.rank < Priority(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Priority(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Priority(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Priority(other).rank


_RANKS: dict[str, int] = {"routine": 0, "urgent": 1, "life_safety": 2}


def highest(*priorities: Priority) -> Priority:
    """The most urgent of them; routine if there is none."""
    return max(priorities, default=Priority.ROUTINE)
