"""Whose step is worked off next: each school's in turn, and in a school the oldest and the newest.

First come, first served lets whoever sends most decide who is served: ten thousand alarms about one
school would stand before the one about another. So each school's steps wait by themselves, and
within a school what came alone, what came in a crowd and what is less urgent (``models.Turn``). Of
each the oldest and the newest are taken alternately: the oldest, so that none is put off for ever;
the newest, so that whoever comes last waits behind no backlog.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from itertools import count
from typing import NamedTuple

from django.db import connection

from upstander.escalations.line_models import Turn


class Kind(NamedTuple):
    """What takes turns with others: one school's steps of one ``Turn``."""

    turn: int
    school_key: int


class Ends(NamedTuple):
    """The steps at both ends of a kind's queue: from the oldest on, and from the newest back."""

    oldest: list[int]
    newest: list[int]


# The kinds are found by leaps through the index, so that a backlog costs nothing; the same is why
# each end is read by itself.
_ENDS = """
WITH RECURSIVE kinds AS (
    (SELECT school_key, turn FROM escalations_step WHERE state = 'due'
     ORDER BY school_key, turn LIMIT 1)
    UNION ALL
    SELECT n.school_key, n.turn FROM kinds k CROSS JOIN LATERAL (
        SELECT s.school_key, s.turn FROM escalations_step s
        WHERE s.state = 'due' AND (s.school_key, s.turn) > (k.school_key, k.turn)
        ORDER BY s.school_key, s.turn LIMIT 1) n)
SELECT k.turn, k.school_key, e.id, e.newest FROM kinds k CROSS JOIN LATERAL (
    (SELECT s.id, false AS newest, row_number() OVER (ORDER BY s.due_at, s.number, s.id) AS place
     FROM escalations_step s WHERE s.state = 'due' AND s.due_at <= api.clock_now()
       AND s.school_key = k.school_key AND s.turn = k.turn
     ORDER BY s.due_at, s.number, s.id LIMIT %(limit)s)
    UNION ALL
    (SELECT s.id, true, row_number() OVER (ORDER BY s.due_at DESC, s.number, s.id)
     FROM escalations_step s WHERE s.state = 'due' AND s.due_at <= api.clock_now()
       AND s.school_key = k.school_key AND s.turn = k.turn
     ORDER BY s.due_at DESC, s.number, s.id LIMIT %(limit)s)) e
ORDER BY e.place
"""
# The alert too, and never waiting: whoever answers locks the alert first and then its steps, and a
# page's foreign key locks the alert, so that either order alone would end in a deadlock.
LOCK_STEPS = """
SELECT s.id FROM escalations_step s JOIN escalations_alert a ON a.id = s.alert_id
WHERE s.id = ANY (%(ids)s) AND s.state = 'due' AND s.due_at <= api.clock_now()
ORDER BY array_position(%(ids)s, s.id) FOR UPDATE OF s, a SKIP LOCKED
"""


class Turns:
    """Remembers who had a turn when. One worker's memory: another's turns are its own."""

    def __init__(self) -> None:
        self._served: dict[Kind, int] = {}
        self._taken: defaultdict[Kind, int] = defaultdict(int)
        self._clock = count(1)

    def due(self, limit: int) -> list[int]:
        """Return due steps, locked with their alerts; call inside a transaction.

        Those that somebody holds are left out. The more urgent come first.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT FROM escalations_step WHERE state = 'due' AND due_at <= api.clock_now()"
                " LIMIT 1"
            )
            if not cursor.rowcount:
                return []
            cursor.execute(_ENDS, {"limit": limit})
            ids = self.pick(_ends(cursor.fetchall()), limit)
            cursor.execute(LOCK_STEPS, {"ids": ids})
            return [row[0] for row in cursor.fetchall()]

    def pick(self, waiting: Mapping[Kind, Ends], limit: int) -> list[int]:
        """Choose up to ``limit`` steps: a turn for each kind, whoever has waited longest first."""
        queues = {kind: (deque(ends.oldest), deque(ends.newest)) for kind, ends in waiting.items()}
        chosen: dict[int, Kind] = {}
        while len(chosen) < limit and queues:
            kind = min(queues, key=lambda kind: (self._served.get(kind, 0), kind))
            self._served[kind] = next(self._clock)
            step = _next(queues[kind], chosen, newest=self._taken[kind] % 2 == 1)
            if step is None:
                del queues[kind]
                continue
            chosen[step] = kind
            self._taken[kind] += 1
        return sorted(chosen, key=lambda step: Turn(chosen[step].turn).place)


def _next(
    queue: tuple[deque[int], deque[int]], chosen: Mapping[int, Kind], *, newest: bool
) -> int | None:
    """Take a kind's next step, from one end or the other, unless both ends have met."""
    for end in (queue[newest], queue[not newest]):
        while end:
            if (step := end.popleft()) not in chosen:
                return step
    return None


def _ends(rows: Iterable[tuple[int, int, int, bool]]) -> dict[Kind, Ends]:
    found: defaultdict[Kind, Ends] = defaultdict(lambda: Ends([], []))
    for turn, school_key, step, newest in rows:
        ends = found[Kind(turn, school_key)]
        (ends.newest if newest else ends.oldest).append(step)
    return dict(found)
