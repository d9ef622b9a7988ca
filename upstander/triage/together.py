"""One row for many: tips in the same words, about the same school and as urgent, from many places.

Nothing is set aside and nothing moves: the row stands where the first of them stands, says how many
they are, and opens all of them. Whatever makes one differ gives it a row of its own: that somebody
took it, that its reporter wrote on, that somebody must not see it. What its reporter says of
themselves is never marked (``tips.reporter``). Call all of this inside ``viewing``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from upstander.escalations.models import Task
from upstander.tips.models import Tip
from upstander.tips.states import TipState

#: So many that are alike are claimed together.
AT_ONCE: Final = 10
#: So many kinds are put together, and so far each is counted.
MOST, COUNTED = 200, 1000


class Together(NamedTuple):
    """Tips that stand as one row: by the mark of their words, or by being alike (``alike.py``)."""

    mark: bytes
    size: int
    #: Those that are alike, the first of them first; of the same words they are found by the mark.
    tips: tuple[UUID, ...] = ()

    @property
    def others(self) -> int:
        """How many there are besides the one whose row it is."""
        return self.size - 1

    @property
    def more(self) -> bool:
        """Tell whether there may be more than were counted."""
        return self.size >= COUNTED

    @property
    def at_once(self) -> int:
        """How many of those that are alike are claimed with one press."""
        return min(len(self.tips), AT_ONCE)

    @property
    def address(self) -> str:
        """The mark as the queue's address takes it."""
        return self.mark.hex()


#: Somebody must phone about it: it has a row of its own, on which that stands. Of 911 all who ask
#: alike are asked about on the one row, until somebody opens the words of one.
_STANDS = (Task.State.OPEN, Task.State.TAKEN)
_CALLED = Task.objects.filter(subject_id=OuterRef("pk"), state__in=_STANDS).exclude(
    kind=Task.Kind.DECIDE_911
)
CALLED_SQL: Final = (
    "EXISTS (SELECT FROM escalations_task k WHERE k.subject_id = t.id"
    " AND k.state IN ('open', 'taken') AND k.kind <> 'decide_911')"
)
#: Nothing has happened to it since it was filed: two turns are its text and its answers.
_UNTOUCHED: Final = Q(
    same_words__isnull=False, state=TipState.NEW, turns=2, junk=False, not_see=False
) & ~Exists(_CALLED)
_UNTOUCHED_SQL = (
    "t.center_id = %(center)s AND t.same_words IS NOT NULL AND t.state = 'new' AND t.turns = 2"
    f" AND NOT t.junk AND NOT t.not_see AND NOT {CALLED_SQL}"
)
# By leaps through the index: a flood costs what its kinds cost, not what its tips would.
_TOGETHER = f"""
WITH RECURSIVE marks AS (
    (SELECT t.same_words AS mark FROM tips_tip t WHERE {_UNTOUCHED_SQL} ORDER BY 1 LIMIT 1)
    UNION ALL
    SELECT n.mark FROM marks m CROSS JOIN LATERAL (
        SELECT t.same_words AS mark FROM tips_tip t
        WHERE {_UNTOUCHED_SQL} AND t.same_words > m.mark ORDER BY 1 LIMIT 1) n)
SELECT f.id, m.mark, (
    SELECT count(*) FROM (SELECT FROM tips_tip t
        WHERE {_UNTOUCHED_SQL} AND t.same_words = m.mark LIMIT %(counted)s) c)
FROM marks m CROSS JOIN LATERAL (
    SELECT t.id FROM tips_tip t WHERE {_UNTOUCHED_SQL} AND t.same_words = m.mark
    ORDER BY (t.similarity IS NOT NULL), t.waiting_since, t.received_at, t.id LIMIT 1) f
LIMIT %(most)s
"""  # noqa: S608 - constants of this module


def together(centers: Collection[int]) -> dict[UUID, Together]:
    """Return whose row stands for others too: the first of each kind, as the queue orders them."""
    found: dict[UUID, Together] = {}
    for center in centers:
        with connection.cursor() as cursor:
            cursor.execute(_TOGETHER, {"center": center, "counted": COUNTED, "most": MOST})
            found |= {tip: Together(bytes(mark), count) for tip, mark, count in cursor.fetchall()}
    return found


def behind(groups: Mapping[UUID, Together]) -> Q:
    """Return which tips have no row of their own, as another's stands for them."""
    marks = [one.mark for one in groups.values() if one.mark]
    alike = [tip for one in groups.values() for tip in one.tips[1:]]
    return Q(same_words__in=marks) & _UNTOUCHED & ~Q(pk__in=list(groups)) | Q(pk__in=alike)


def without_others(tips: QuerySet[Tip], groups: Mapping[UUID, Together]) -> QuerySet[Tip]:
    """Leave out of some tips those for which another's row stands."""
    return tips.exclude(behind(groups)) if groups else tips
