"""A person's line on each way: one message after the other, each naming whom it is about.

However many alerts ring, a phone is one phone. So by each way a person is told one thing at a time:
one call rings, and one text goes out, saying how many wait. What waits stays due, and nobody is
taken for asked who was not; that others are asked meanwhile is each alert's own steps' doing.

Who is next follows ``Turn`` and the schools' turns, in rounds: in each round every school that
waits is named once, so that a flood about one keeps no other waiting. A new round begins once the
person has answered, or ``PACE`` after the one before it began. In a round it is the oldest of a
school, in the next the newest.

Whoever was told ``MOST`` things within ``FOLD`` and answered none reads no faster for more of them:
from then on a text or a notification comes once in ``FOLD``, and says how many wait and since when.
What waits stays due, other ways ring on, and others are asked. A life in danger is not folded: each
such alert is said by each way in its turn, once in ``FOLD``, one in ``LIVES``; that it was said
before as less urgent counts for nothing. What is graver than what was said last, and what a
colleague asks, waits behind none of it. A mail lists all that wait, so that after as many there is
one in ``MAIL``, whatever it is about. Any answer ends it.

Whose phone is left alone for a moment, as they are at the desk, and whose last text stands for all
that waits, as their phone rings too: ``held``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from upstander.base.moment import database_now
from upstander.carriers.models import Channel
from upstander.carriers.queries import on_the_phone
from upstander.escalations import held
from upstander.escalations.line_models import Line, Turn
from upstander.plug import rung_now

#: Seconds between two messages, and between two rounds, where they make a noise. Mail makes none:
#: it goes as fast as it can be carried.
BREATH, PACE = 3, 15
#: After so many unanswered messages within so many seconds, one in as many.
MOST, FOLD = 3, 300
#: A mail lists all that wait: with what sending takes, each is named in one within a minute.
MAIL = 55
#: From then on one about a life in danger in as many: each says how many wait and since when.
LIVES = 60
#: The ways on which they are folded: a call rings alone, and says how many nobody has.
_FOLDED = (Channel.SMS, Channel.PUSH, Channel.EMAIL)
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

    @property
    def place(self) -> int:
        """Where its turn stands among others'."""
        return Turn(self.turn).place


class Free(NamedTuple):
    """A line on which nothing is under way, locked."""

    pk: int
    person_id: int
    channel: str
    told_at: datetime | None
    round_at: datetime | None
    fold_at: datetime | None
    served: list[int]
    rounds: int
    held_until: datetime | None
    #: What was said last has been answered, or needs no answer any more.
    answered: bool
    #: When a key was pressed in the last call, which told of all lives that nobody has; and whether
    #: it said that they can't.
    heard_at: datetime | None
    cannot: bool | None


def choose(line: Free, heads: Sequence[Head], now: datetime) -> Head | None:
    """Return whose turn it is; None: all that wait have been named, and the round is not over."""
    waiting = [head for head in heads if head.kind not in line.served or head.turn == Turn.ASKED]
    if not waiting and round_over(line, now):
        waiting = list(heads)
    return min(waiting, key=lambda head: (head.place, head.since, head.kind), default=None)


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
SELECT l.id, l.person_id, l.channel, l.told_at, l.round_at, l.fold_at, l.served, l.rounds,
    l.held_until, EXISTS (
    SELECT FROM escalations_page p JOIN escalations_alert a ON a.id = p.alert_id
    WHERE p.id = l.page_id AND (a.state <> 'open' OR EXISTS (
        SELECT FROM escalations_acknowledgement k WHERE k.alert_id = a.id
          AND k.person_id = l.person_id AND k.at >= date_trunc('second', l.told_at)))),
    heard.at, heard.cannot
FROM escalations_line l
JOIN unnest(%(people)s::bigint[], %(channels)s::text[]) AS w (person_id, channel)
  ON w.person_id = l.person_id AND w.channel = l.channel
LEFT JOIN LATERAL (
    SELECT max(k.at) AS at, bool_or(k.answer = 'cannot') AS cannot
    FROM escalations_page p JOIN escalations_acknowledgement k ON k.alert_id = p.alert_id
    WHERE p.id = l.page_id AND p.turn < 2 AND k.person_id = l.person_id AND k.via = 'key'
      AND k.at >= date_trunc('second', l.told_at)) heard ON l.channel = 'voice'
WHERE NOT EXISTS (
    SELECT FROM escalations_page p WHERE p.id = l.page_id AND p.state = 'due'
      AND p.lease_until >= api.clock_now())
  AND (l.channel = 'email' OR l.told_at IS NULL
    OR l.told_at <= api.clock_now() - make_interval(
        secs => CASE WHEN l.fold_at > api.clock_now() AND NOT EXISTS (
            SELECT FROM escalations_page p
            WHERE p.state = 'due' AND p.person_id = l.person_id AND p.channel = l.channel
              AND p.due_at <= api.clock_now() AND (p.turn = 3 OR p.turn < (
                SELECT s.turn FROM escalations_page s WHERE s.id = l.page_id)))
            THEN %(lives)s ELSE %(breath)s END))
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
          AND (NOT l.id = ANY (%(folded)s) OR p.turn = 3 OR (p.turn < 2 AND NOT EXISTS (
              SELECT FROM escalations_page s WHERE s.alert_id = p.alert_id AND s.state = 'sent'
                AND s.person_id = p.person_id AND s.channel = p.channel AND s.turn < 2
                AND s.sent_at > api.clock_now() - make_interval(secs => %(fold)s))))
          {held}
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
{_END.format(way="", name="oldest", held=held.LEFT_ALONE)}
{_END.format(way="DESC", name="newest", held=held.LEFT_ALONE)}
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

    Call inside a transaction: it keeps the lines from being moved by another at the same time.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT FROM escalations_page WHERE state = 'due' AND due_at <= api.clock_now() LIMIT 1"
        )
        if not cursor.rowcount:
            return []
        cursor.execute(_ENTER)
        # A page may have been cancelled, or be another's by now, since it was seen to be due.
        if not (entered := cursor.fetchall()):
            return []
        people, channels = zip(*entered, strict=True)
        whose: dict[str, Any] = {"people": list(people), "channels": list(channels)}
        cursor.execute(_FREE, whose | {"breath": BREATH, "lives": LIVES})
        lines = {row[0]: Free(*row) for row in cursor.fetchall()}
        ringing = on_the_phone({x.person_id for x in lines.values() if x.channel == Channel.VOICE})
        # Somebody on the line comes first: a phone that rings for them is not made busy, and no
        # talk with them is rung into. The page stays due, goes by its other ways meanwhile, and by
        # this one once the phone is free.
        ringing |= with_callers()
        lines = {
            pk: line
            for pk, line in lines.items()
            if line.channel != Channel.VOICE or line.person_id not in ringing
        }
        heads: dict[int, list[Head]] = {}
        folded = _folded(lines)
        # A mail tells of all: until its minute is over none goes.
        lines = {
            pk: line
            for pk, line in lines.items()
            if pk not in folded or line.channel != Channel.EMAIL
        }
        what: dict[str, Any] = {"lines": list(lines), "folded": folded}
        what |= {"near": _NEAR, "fold": FOLD}
        alone = held.left_alone(lines.values())
        for pk, line in lines.items():
            until, was = alone.until.get(pk), line.held_until
            if until != was and (until or (was and was > database_now())):
                Line.objects.filter(pk=pk).update(held_until=until)
        cursor.execute(_HEADS, what | alone.where)
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


def with_callers() -> set[int]:
    """Return whose phones ring now for somebody on a line, or who talk with one."""
    with connection.cursor() as cursor:
        cursor.execute(rung_now())
        return {row[0] for row in cursor.fetchall()}


def _folded(lines: dict[int, Free]) -> list[int]:
    """Return the lines on which only what may not wait is said now.

    Ends the folding where somebody answered, or where nothing was left to say for ``FOLD``.
    """
    now, folding = database_now(), [pk for pk, line in lines.items() if line.fold_at is not None]
    over = [
        pk
        for pk in folding
        if lines[pk].answered or (lines[pk].fold_at or now) + timedelta(seconds=FOLD) < now
    ]
    if over:
        Line.objects.filter(pk__in=over).update(fold_at=None)
    return [pk for pk in folding if pk not in over and (lines[pk].fold_at or now) > now]


def _first(lines: dict[int, Free], heads: dict[int, list[Head]], limit: int) -> dict[UUID, int]:
    """Return the pages that go now, each with its line.

    What makes a noise before mail; then the more urgent, and
    whoever has been told nothing for longest. No two people are told of one alert while others
    wait of which nobody has been told.
    """
    now = database_now()
    found = []
    for order, (pk, line) in enumerate(lines.items()):
        if (head := choose(line, heads.get(pk, ()), now)) is not None:
            found.append(((line.channel == Channel.EMAIL, head.place, order), pk, head))
    chosen: dict[UUID, int] = {}
    alerts: set[UUID] = set()
    for _, pk, head in sorted(found):
        newest = (lines[pk].rounds + (head.kind in lines[pk].served)) % 2
        pages = head.newest if newest else head.oldest
        of = dict(zip(pages, head.newest_of if newest else head.oldest_of, strict=True))
        untold = [page for page in pages if of[page] not in alerts] or pages
        chosen[untold[0]] = pk
        alerts.add(of[untold[0]])
    return dict(list(chosen.items())[:limit])


_TOLD = """
UPDATE escalations_line l SET told_at = api.clock_now(),
    round_at = CASE WHEN s.kind = ANY (l.served) OR l.round_at IS NULL THEN api.clock_now()
                    ELSE l.round_at END,
    rounds = l.rounds + (s.kind = ANY (l.served))::int,
    served = CASE WHEN s.kind = ANY (l.served) THEN ARRAY[s.kind] ELSE l.served || s.kind END,
    fold_at = CASE WHEN l.fold_at > api.clock_now() THEN l.fold_at
        WHEN l.fold_at IS NOT NULL OR l.channel = ANY (%(folds)s) AND %(most)s <= (
            SELECT count(DISTINCT coalesce(p.delivery_id, p.id))
            FROM escalations_page p JOIN escalations_alert a ON a.id = p.alert_id
            WHERE p.person_id = l.person_id AND p.channel = l.channel AND p.state = 'sent'
              AND p.sent_at > api.clock_now() - make_interval(secs => %(fold)s)
              AND a.state = 'open' AND NOT EXISTS (
                SELECT FROM escalations_acknowledgement k WHERE k.alert_id = a.id
                  AND k.person_id = l.person_id AND k.at >= date_trunc('second', p.sent_at)))
        THEN api.clock_now() + make_interval(
            secs => CASE WHEN l.channel = 'email' THEN %(mail)s ELSE %(fold)s END) END
FROM (SELECT p.school_key * 4 + p.turn AS kind FROM escalations_page p WHERE p.id = %(page)s) s
WHERE l.person_id = %(person)s AND l.channel = %(channel)s
"""


def move_on(page_id: UUID, person_id: int, channel: str) -> None:
    """Note that a page was said: its school's turn is over in this round."""
    with connection.cursor() as cursor:
        how: dict[str, Any] = {"folds": list(_FOLDED), "most": MOST, "fold": FOLD, "mail": MAIL}
        cursor.execute(_TOLD, how | {"page": page_id, "person": person_id, "channel": channel})


def breathe(person_id: int, channel: str) -> None:
    """Let a line rest a moment, as what was tried did not go: nobody's turn is over by that."""
    Line.objects.filter(person_id=person_id, channel=channel).update(told_at=database_now())


def untaken(person_id: int) -> int:
    """Return how many life-safety alerts nobody has, of those that a person is asked about.

    Whatever nobody has has a step that is due, and the index holds no others.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT a.id)"
            " FROM escalations_step s JOIN escalations_alert a ON a.id = s.alert_id"
            " WHERE s.state = 'due' AND s.turn < 2 AND a.state = 'open'"
            " AND a.priority = 'life_safety' AND EXISTS ("
            " SELECT FROM escalations_page p WHERE p.alert_id = a.id AND p.person_id = %s"
            " AND p.state <> 'cancelled' AND p.due_at <= api.clock_now())",
            [person_id],
        )
        [(found,)] = cursor.fetchall()
    return int(found)


def waiting(person_id: int, but: UUID) -> tuple[int, int]:
    """Return how many alerts wait for a person beside the one that is being said.

    By whichever way that makes a noise: a call and a text say the same. And for how many whole
    minutes the oldest of them has waited.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT p.alert_id),"
            " coalesce(extract(epoch FROM api.clock_now() - min(a.opened_at)), 0)::int / 60"
            " FROM escalations_page p JOIN escalations_alert a ON a.id = p.alert_id"
            " WHERE p.state = 'due' AND p.person_id = %s AND p.channel <> 'email'"
            " AND p.due_at <= api.clock_now() AND p.alert_id <> %s",
            [person_id, but],
        )
        [(found, minutes)] = cursor.fetchall()
    return int(found), int(minutes)
