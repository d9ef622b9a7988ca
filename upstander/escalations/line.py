"""A person's line on each way: one message after the other, each naming whom it is about.

However many alerts ring, a phone is one phone. So by each way a person is told one thing at a time:
one call rings, and one text goes out, saying how many wait. What waits stays due, and nobody is
taken for asked who was not; that others are asked meanwhile is each alert's own steps' doing.

Who is next follows ``Turn`` and the schools' turns, in rounds: in each round every school that
waits is named once, so that a flood about one keeps no other waiting. A new round begins once the
person has answered, or ``PACE`` after the one before it began. In a round it is the oldest of a
school, in the next the newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from upstander.base.moment import database_now
from upstander.carriers.models import Channel
from upstander.carriers.queries import on_the_phone
from upstander.escalations.line_models import Line

#: Seconds between two messages, and between two rounds, where they make a noise. Mail makes none:
#: it goes as fast as it can be carried.
BREATH, PACE = 3, 15
#: So many at each end of what waits are looked at for one that nobody has been told of yet.
_NEAR = 5


class Head(NamedTuple):
    """What one school has in a line, of one ``Turn``: of what is due, the two ends."""

    turn: int
    school_key: int
    #: Since when the oldest waits.
    since: datetime
    #: Pages, and whose they are: those of alerts that nobody has been told of first.
    oldest: list[UUID]
    oldest_of: list[UUID]
    newest: list[UUID]
    newest_of: list[UUID]

    @property
    def kind(self) -> int:
        """School and turn as one number, as ``Line.served`` keeps it."""
        return self.school_key * 4 + self.turn


class Free(NamedTuple):
    """A line on which nothing is under way, locked."""

    pk: int
    person_id: int
    channel: str
    told_at: datetime | None
    round_at: datetime | None
    served: list[int]
    rounds: int
    #: What was said last has been answered, or needs no answer any more.
    answered: bool


def choose(line: Free, heads: Sequence[Head], now: datetime) -> Head | None:
    """Return whose turn it is; None: all that wait have been named, and the round is not over."""
    waiting = [head for head in heads if head.kind not in line.served]
    if not waiting and round_over(line, now):
        waiting = list(heads)
    return min(waiting, key=lambda head: (head.turn, head.since, head.kind), default=None)


def round_over(line: Free, now: datetime) -> bool:
    """Tell whether a line may begin a new round."""
    pace = timedelta(seconds=0 if line.channel == Channel.EMAIL else PACE)
    return line.answered or line.round_at is None or line.round_at + pace <= now


# Who waits is found by leaps through the index: a backlog costs nothing.
_ENTER = """
WITH RECURSIVE waits AS (
    (SELECT person_id, channel FROM escalations_page WHERE state = 'due'
     ORDER BY person_id, channel LIMIT 1)
    UNION ALL
    SELECT n.person_id, n.channel FROM waits w CROSS JOIN LATERAL (
        SELECT p.person_id, p.channel FROM escalations_page p
        WHERE p.state = 'due' AND (p.person_id, p.channel) > (w.person_id, w.channel)
        ORDER BY p.person_id, p.channel LIMIT 1) n),
entered AS (
    INSERT INTO escalations_line (person_id, channel)
    SELECT w.person_id, w.channel FROM waits w WHERE NOT EXISTS (
        SELECT FROM escalations_line l
        WHERE l.person_id = w.person_id AND l.channel = w.channel)
    ON CONFLICT DO NOTHING)
SELECT person_id, channel FROM waits
"""
# Nothing is under way that somebody still holds, and whoever was told has had a moment to read it.
_FREE = """
SELECT l.id, l.person_id, l.channel, l.told_at, l.round_at, l.served, l.rounds, EXISTS (
    SELECT FROM escalations_page p JOIN escalations_alert a ON a.id = p.alert_id
    WHERE p.id = l.page_id AND (a.state <> 'open' OR EXISTS (
        SELECT FROM escalations_acknowledgement k WHERE k.alert_id = a.id
          AND k.person_id = l.person_id AND k.at >= date_trunc('second', l.told_at))))
FROM escalations_line l
JOIN unnest(%(people)s::bigint[], %(channels)s::text[]) AS w (person_id, channel)
  ON w.person_id = l.person_id AND w.channel = l.channel
WHERE l.channel = 'email' OR NOT EXISTS (
    SELECT FROM escalations_page p WHERE p.id = l.page_id AND p.state = 'due'
      AND p.lease_until >= api.clock_now())
  AND (l.told_at IS NULL OR l.told_at <= api.clock_now() - make_interval(secs => %(breath)s))
ORDER BY l.told_at NULLS FIRST, l.id FOR UPDATE OF l SKIP LOCKED
"""
# Of each line: the two ends of what each school has in it.
_END = """
CROSS JOIN LATERAL (
    SELECT array_agg(e.id ORDER BY e.told, e.place) AS pages,
        array_agg(e.alert_id ORDER BY e.told, e.place) AS alerts, min(e.due_at) AS since
    FROM (
        SELECT p.id, p.alert_id, p.due_at,
            row_number() OVER (ORDER BY p.due_at {way}, p.id) AS place,
            EXISTS (SELECT FROM escalations_page s
                    WHERE s.alert_id = p.alert_id AND s.state = 'sent') AS told
        FROM escalations_page p
        WHERE p.state = 'due' AND p.person_id = l.person_id AND p.channel = l.channel
          AND p.school_key = k.school_key AND p.turn = k.turn AND p.due_at <= api.clock_now()
          AND (p.lease_until IS NULL OR p.lease_until < api.clock_now())
        ORDER BY p.due_at {way}, p.id LIMIT %(near)s) e) {name}
"""
_HEADS = f"""
SELECT l.id, k.turn, k.school_key, oldest.since, oldest.pages, oldest.alerts, newest.pages,
    newest.alerts
FROM escalations_line l CROSS JOIN LATERAL (
    WITH RECURSIVE kinds AS (
        (SELECT p.school_key, p.turn FROM escalations_page p
         WHERE p.state = 'due' AND p.person_id = l.person_id AND p.channel = l.channel
         ORDER BY p.school_key, p.turn LIMIT 1)
        UNION ALL
        SELECT n.school_key, n.turn FROM kinds k CROSS JOIN LATERAL (
            SELECT p.school_key, p.turn FROM escalations_page p
            WHERE p.state = 'due' AND p.person_id = l.person_id AND p.channel = l.channel
              AND (p.school_key, p.turn) > (k.school_key, k.turn)
            ORDER BY p.school_key, p.turn LIMIT 1) n)
    SELECT kinds.school_key, kinds.turn FROM kinds) k
{_END.format(way="", name="oldest")}
{_END.format(way="DESC", name="newest")}
WHERE l.id = ANY (%(lines)s) AND oldest.since IS NOT NULL
"""  # noqa: S608 - constants of this module
_CLAIM = """
WITH next AS (SELECT * FROM unnest(%(pages)s::uuid[], %(lines)s::bigint[]) AS n (page, line)),
claimed AS (
    UPDATE escalations_page p SET lease_token = %(token)s,
        lease_until = api.clock_now() + make_interval(secs => %(lease)s)
    FROM (SELECT q.id FROM escalations_page q JOIN next ON next.page = q.id
          WHERE q.state = 'due' FOR UPDATE OF q SKIP LOCKED) q
    WHERE p.id = q.id RETURNING p.id),
moved AS (
    UPDATE escalations_line l SET page_id = claimed.id
    FROM claimed JOIN next ON next.page = claimed.id WHERE l.id = next.line)
SELECT id FROM claimed
"""


def claim_next(token: UUID, limit: int, lease: float) -> list[UUID]:
    """Claim the next page of each free line, at most ``limit``; return them, the first one first.

    Of mail it may be several at once.

    Call inside a transaction: it keeps the lines from being moved by another at the same time.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM escalations_page WHERE state = 'due' AND due_at <= api.clock_now() LIMIT 1"
        )
        if not cursor.rowcount:
            return []
        cursor.execute(_ENTER)
        people, channels = zip(*cursor.fetchall(), strict=True)
        cursor.execute(
            _FREE, {"people": list(people), "channels": list(channels), "breath": BREATH}
        )
        lines = {row[0]: Free(*row) for row in cursor.fetchall()}
        ringing = on_the_phone({x.person_id for x in lines.values() if x.channel == Channel.VOICE})
        lines = {
            pk: line
            for pk, line in lines.items()
            if line.channel != Channel.VOICE or line.person_id not in ringing
        }
        heads: dict[int, list[Head]] = {}
        cursor.execute(_HEADS, {"lines": list(lines), "near": _NEAR})
        for pk, *head in cursor.fetchall():
            heads.setdefault(pk, []).append(Head(*head))
        chosen = _first(lines, heads, limit)
        cursor.execute(
            _CLAIM,
            {
                "pages": list(chosen),
                "lines": list(chosen.values()),
                "token": token,
                "lease": lease,
            },
        )
        claimed = {row[0] for row in cursor.fetchall()}
    return [page for page in chosen if page in claimed]


def _first(lines: dict[int, Free], heads: dict[int, list[Head]], limit: int) -> dict[UUID, int]:
    """Return the pages that go now, each with its line.

    What makes a noise before mail, of which there may be any number; then the more urgent, and
    whoever has been told nothing for longest. No two people are told of one alert while others
    wait of which nobody has been told.
    """
    now = database_now()
    found = []
    for order, (pk, line) in enumerate(lines.items()):
        if (head := choose(line, heads.get(pk, ()), now)) is not None:
            found.append(((line.channel == Channel.EMAIL, head.turn, order), pk, head))
    chosen: dict[UUID, int] = {}
    alerts: set[UUID] = set()
    for _, pk, head in sorted(found):
        newest = (lines[pk].rounds + (head.kind in lines[pk].served)) % 2
        pages = head.newest if newest else head.oldest
        of = dict(zip(pages, head.newest_of if newest else head.oldest_of, strict=True))
        untold = [page for page in pages if of[page] not in alerts] or pages
        for page in untold if lines[pk].channel == Channel.EMAIL else untold[:1]:
            chosen[page] = pk
            alerts.add(of[page])
    return dict(list(chosen.items())[:limit])


_TOLD = """
UPDATE escalations_line l SET told_at = api.clock_now(),
    round_at = CASE WHEN s.kind = ANY (l.served) OR l.round_at IS NULL THEN api.clock_now()
                    ELSE l.round_at END,
    rounds = l.rounds + (s.kind = ANY (l.served))::int,
    served = CASE WHEN s.kind = ANY (l.served) THEN ARRAY[s.kind] ELSE l.served || s.kind END
FROM (SELECT p.school_key * 4 + p.turn AS kind FROM escalations_page p WHERE p.id = %(page)s) s
WHERE l.person_id = %(person)s AND l.channel = %(channel)s
"""


def move_on(page_id: UUID, person_id: int, channel: str) -> None:
    """Note that a page was said: its school's turn is over in this round."""
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, {"page": page_id, "person": person_id, "channel": channel})


def breathe(person_id: int, channel: str) -> None:
    """Let a line rest a moment, as what was tried did not go: nobody's turn is over by that."""
    Line.objects.filter(person_id=person_id, channel=channel).update(told_at=database_now())


def waiting(person_id: int, channel: str, but: UUID) -> int:
    """Return how many alerts wait in a person's line beside the one that is being said."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT alert_id) FROM escalations_page WHERE state = 'due'"
            " AND person_id = %s AND channel = %s AND due_at <= api.clock_now() AND alert_id <> %s",
            [person_id, channel, but],
        )
        [(found,)] = cursor.fetchall()
    return int(found)
