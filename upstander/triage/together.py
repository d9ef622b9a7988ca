"""One row for many: tips in equal words, with equal answers, that nobody has opened.

Two children are never one row: words that differ in more than case and blanks have another mark,
what may be about the reporter or has somebody who must not see it has none (``tips.reporter``).
Nothing is set aside and nothing moves: the row stands where the first of them stands and says how
many they are. Whatever makes one differ gives it a row of its own: that somebody opened it or holds
it, that its reporter wrote on or added a file, that somebody must be phoned about it. Each keeps
its own alert and countdown. Whoever claims them is at the first and holds the next ones for two
minutes, in which their clocks go on. Call all of this inside ``viewing``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import DateTimeField, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from upstander.escalations.models import Task
from upstander.tips.models import Attachment, Tip
from upstander.tips.states import TipState

_NOW: Final = RawSQL("api.clock_now()", (), output_field=DateTimeField())
#: So many in the same words are claimed together.
AT_ONCE: Final = 10
#: How long a tip that was claimed with others is held for whoever did, unopened.
HELD: Final = timedelta(minutes=2)
#: So many kinds are put together, and so far each is counted.
MOST, COUNTED = 200, 1000


class Together(NamedTuple):
    """Tips that stand as one row, by the mark of their words."""

    mark: bytes
    size: int
    #: The first of them, ``AT_ONCE`` at most; the first is the one whose row it is.
    tips: tuple[UUID, ...]

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
        """How many of them are claimed with one press."""
        return len(self.tips)

    @property
    def address(self) -> str:
        """The mark as the queue's address takes it."""
        return self.mark.hex()


#: Somebody must phone about it: it has a row of its own, on which that stands. Those of whom 911 is
#: asked stand apart from those of whom it is not, and are asked about on one row.
_STANDS = (Task.State.OPEN, Task.State.TAKEN)
_CALLED = Task.objects.filter(subject_id=OuterRef("pk"), state__in=_STANDS)
_FILES = Attachment.objects.filter(tip_id=OuterRef("pk"))
#: Nothing has happened to it since it was filed: two turns are its text and its answers.
UNTOUCHED: Final = (
    Q(state=TipState.NEW, turns=2, junk=False, not_see=False, first_read_at=None)
    & ~Exists(_CALLED.exclude(kind=Task.Kind.DECIDE_911))
    & ~Exists(_FILES)
)
_UNTOUCHED_SQL = """
    t.center_id = %(center)s AND t.same_words IS NOT NULL AND t.state = 'new' AND t.turns = 2
    AND NOT t.junk AND NOT t.not_see AND t.first_read_at IS NULL
    AND (t.claimed_at IS NULL OR t.claimed_at <= api.clock_now() - %(held)s::interval)
    AND NOT EXISTS (SELECT FROM tips_attachment a WHERE a.tip_id = t.id)
    AND NOT EXISTS (SELECT FROM escalations_task k WHERE k.subject_id = t.id
        AND k.state IN ('open', 'taken') AND k.kind <> 'decide_911')
"""
# By leaps through the index of what was said before: a flood costs what its kinds cost, not what
# its tips would.
_TOGETHER = f"""
WITH RECURSIVE marks AS (
    (SELECT t.same_words AS mark FROM tips_tip t WHERE {_UNTOUCHED_SQL} AND t.said_before > 0
        ORDER BY 1 LIMIT 1)
    UNION ALL
    SELECT n.mark FROM marks m CROSS JOIN LATERAL (
        SELECT t.same_words AS mark FROM tips_tip t
        WHERE {_UNTOUCHED_SQL} AND t.said_before > 0 AND t.same_words > m.mark
        ORDER BY 1 LIMIT 1) n)
SELECT m.mark, f.size, f.tips FROM (SELECT mark FROM marks LIMIT %(most)s) m CROSS JOIN LATERAL (
    SELECT count(*) AS size, (array_agg(c.id ORDER BY c.place))[:%(at_once)s] AS tips
    FROM (SELECT t.id,
            row_number() OVER (ORDER BY t.similarity IS NOT NULL, t.waiting_since, t.received_at,
                t.id) AS place,
            EXISTS (SELECT FROM escalations_alert e WHERE e.subject_id = t.id AND e.asks_911)
                OR EXISTS (SELECT FROM escalations_task k WHERE k.subject_id = t.id
                    AND k.state IN ('open', 'taken')) AS asks_911
        FROM tips_tip t WHERE {_UNTOUCHED_SQL} AND t.same_words = m.mark
        ORDER BY t.similarity IS NOT NULL, t.waiting_since, t.received_at, t.id
        LIMIT %(counted)s) c
    GROUP BY c.asks_911) f
"""  # noqa: S608 - constants of this module


def together(centers: Collection[int]) -> dict[UUID, Together]:
    """Return whose row stands for others too: the first of each kind, as the queue orders them."""
    found: dict[UUID, Together] = {}
    asked: dict[str, Any] = {"counted": COUNTED, "most": MOST, "held": HELD, "at_once": AT_ONCE}
    for center in centers:
        with connection.cursor() as cursor:
            cursor.execute(_TOGETHER, {**asked, "center": center})
            for mark, size, tips in cursor.fetchall():
                found[tips[0]] = Together(bytes(mark), size, tuple(tips))
    return found


def free(viewer_id: int | None = None) -> Q:
    """Return which tips nobody holds who claimed them with others, but the one who asks."""
    held = Q(claimed_at__gt=_NOW - HELD)
    return ~held if viewer_id is None else ~held | Q(claimed_by=viewer_id)


def behind(groups: Mapping[UUID, Together]) -> Q:
    """Return which tips have no row of their own, as another's stands for them."""
    marks = [one.mark for one in groups.values()]
    return Q(same_words__in=marks) & UNTOUCHED & free() & ~Q(pk__in=list(groups))


def without_others(tips: QuerySet[Tip], groups: Mapping[UUID, Together]) -> QuerySet[Tip]:
    """Leave out of some tips those for which another's row stands."""
    return tips.exclude(behind(groups)) if groups else tips


def same_as(tip: Tip, viewer_id: int) -> list[UUID]:
    """Return the tips in a tip's words that wait for whoever asks, the first first."""
    if tip.same_words is None or tip.hung_up:
        return []
    same = Tip.objects.filter(UNTOUCHED, free(viewer_id), same_words=tip.same_words)
    waiting = same.filter(center_id=tip.center_id).exclude(pk=tip.pk)
    return list(waiting.order_by("waiting_since", "received_at", "pk").values_list("pk", flat=True))


def held_for(tip: Tip, now: datetime) -> int | None:
    """Return for whom a tip is held that was claimed with others and is not opened yet."""
    if tip.state != TipState.NEW or tip.claimed_at is None or now - tip.claimed_at >= HELD:
        return None
    return tip.claimed_by
