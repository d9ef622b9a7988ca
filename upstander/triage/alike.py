"""Alike tips fold into one row: of one school, tile and quarter of an hour, with the same marks.

A fold hides nobody. What may be about the reporter is never in one, nor what somebody has opened or
its reporter wrote on, nor more than ``MOST``, nor any of a school where a flood is going on: among
those a child's could not be found, so each stands for itself. Each keeps its own alert and
countdown. Whoever claims a fold is at the first of them and holds the others for two minutes, in
which their clocks go on. Call all of this inside ``viewing``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from upstander.tips.models import Tip
from upstander.tips.states import TipState
from upstander.triage.together import CALLED_SQL, Together

#: So many fold at most, and among so many of the newest they are looked for.
MOST, NEWEST = 30, 2000
WITHIN: Final = timedelta(minutes=15)
#: How long a tip that was claimed with others is held for whoever did, unopened.
HELD: Final = timedelta(minutes=2)

_FOLDS = f"""
SELECT array_agg(c.id ORDER BY c.waiting_since, c.received_at, c.id) FROM (
    SELECT t.*, u.about_me, u.about_group, u.place_given,
        date_bin(%(within)s::interval, t.received_at, 'epoch') AS bin,
        bool_or(t.similarity IS NOT NULL OR t.same_words IS NOT NULL) OVER (
            PARTITION BY t.district_id, t.school_id,
                date_bin(%(within)s::interval, t.received_at, 'epoch')) AS flood,
        {CALLED_SQL} AS called,
        EXISTS (SELECT FROM escalations_alert e WHERE e.subject_id = t.id AND e.asks_911)
            OR EXISTS (SELECT FROM escalations_task k WHERE k.subject_id = t.id
                AND k.state IN ('open', 'taken')) AS asks_911
    FROM tips_tip t JOIN tips_unread u ON u.tip_id = t.id
    WHERE t.center_id = %(center)s AND t.state = 'new' AND t.school_id IS NOT NULL AND NOT t.junk
    ORDER BY t.received_at DESC LIMIT %(newest)s) c
WHERE NOT c.flood AND NOT c.called AND NOT c.about_me AND NOT c.not_see AND c.turns = 2
    AND (c.claimed_at IS NULL OR c.claimed_at <= api.clock_now() - %(held)s::interval)
GROUP BY c.district_id, c.school_id, c.tile, c.rank, c.happening_now, c.soon, c.mandated,
    c.language, c.channel, c.about_group, c.place_given, c.asks_911, c.to_talk, c.bin
HAVING count(*) BETWEEN 2 AND %(most)s
"""  # noqa: S608 - constants of this package


def folds(centers: Collection[int]) -> dict[UUID, Together]:
    """Return whose row stands for others that are like it: the one that waits longest."""
    asked: dict[str, Any] = {"newest": NEWEST, "most": MOST, "within": WITHIN, "held": HELD}
    found: dict[UUID, Together] = {}
    for center in centers:
        with connection.cursor() as cursor:
            cursor.execute(_FOLDS, {**asked, "center": center})
            alike = [tuple(tips) for (tips,) in cursor.fetchall()]
        found |= {tips[0]: Together(b"", len(tips), tips) for tips in alike}
    return found


def like(tip: Tip) -> Q:
    """Return which tips are of the school, tile and time of one, however much they differ."""
    start = datetime.fromtimestamp(
        tip.received_at.timestamp() // WITHIN.total_seconds() * WITHIN.total_seconds(),
        tip.received_at.tzinfo,
    )
    return Q(
        district_id=tip.district_id,
        school_id=tip.school_id,
        tile=tip.tile,
        to_talk=tip.to_talk,
        received_at__gte=start,
        received_at__lt=start + WITHIN,
    )


def may_fold_with(tips: Iterable[Tip]) -> Q | None:
    """Return which tips may fold, or may have folded, with some of these; None: none."""
    near = [
        like(tip)
        for tip in tips
        if tip.school_id and tip.state != TipState.CLOSED
        # What comes in a flood folds with none: to look for its like each time would cost a desk.
        if tip.similarity is None and tip.same_words is None
    ]
    if not near:
        return None
    # In a flood many are of one kind: each kind is asked for once.
    kinds = dict(zip(map(str, near), near, strict=True))
    return reduce(or_, kinds.values()) & Q(state=TipState.NEW)


def held_for(tip: Tip, now: datetime) -> int | None:
    """Return for whom a tip is held that was claimed with others and is not opened yet."""
    if tip.state != TipState.NEW or tip.claimed_at is None or now - tip.claimed_at >= HELD:
        return None
    return tip.claimed_by
