"""What the live stream asks the database, in threads: who stands, what changed, how it looks.

Rows are looked at through a viewer's own role, as a page would; nothing here opens a tip.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection, connections
from django.template.loader import render_to_string
from django.utils.translation import gettext

from upstander.escalations.models import Alert
from upstander.people import sessions
from upstander.people.permissions import Permission, may
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.tips.models import Tip
from upstander.tips.queries import names_of
from upstander.tips.states import WAITING_STATES, TipState
from upstander.triage.overflow import rest_of
from upstander.triage.queries import COUNT_LIMIT, IN_CROWD, centers_of, counts_for
from upstander.triage.rows import rows_for
from upstander.triage.together import MOST, UNTOUCHED, behind, free, together, without_others
from upstander.ui.times import ago, exact
from upstander.vault.sessions import row_key
from upstander.watch.look import SURGE
from upstander.watch.queries import banner

#: Changes further back than this are not sent one by one: the page is loaded anew.
CATCH_UP = 600
#: Life-safety tips without anybody that a page is told of when it connects.
_ALARMS = 50
_SNAPSHOT = re.compile(r"\d{1,20}:\d{1,20}:[\d,]{0,2000}")


class Scope(NamedTuple):
    """Viewers of one scope see the same rows, so one of them is looked through for all."""

    kind: TeamKind
    districts: tuple[int, ...]
    teams: tuple[int, ...]
    #: Somebody who is excluded from any matter, or has a tip by their own name, is looked at alone.
    alone: int | None

    @property
    def partial(self) -> bool:
        """Whether there may be tips of these districts that its viewers must not know of."""
        return self.alone is not None or self.kind is not TeamKind.CENTER


class LiveSession(NamedTuple):
    """A session that still stands."""

    scope: Scope
    #: Seconds until it ends unless it is used.
    seconds_left: int


class Located(NamedTuple):
    """A changed tip: where it belongs, and a mark that differs after each change."""

    tip: UUID
    district_id: int
    version: str


class Snapshot(NamedTuple):
    """Which transactions a page has seen (``pg_current_snapshot()``)."""

    first_running: int
    next_to_come: int
    running: frozenset[int]

    @classmethod
    def parse(cls, text: str) -> Snapshot | None:
        """Read PostgreSQL's ``xmin:xmax:xip,xip``; None when it isn't one."""
        if not _SNAPSHOT.fullmatch(text):
            return None
        first, following, running = text.split(":")
        return cls(
            int(first), int(following), frozenset(map(int, filter(None, running.split(","))))
        )

    def shows(self, transaction: int) -> bool:
        """Whether the page shows what a transaction wrote, by its number modulo 2^32 (``xmin``)."""
        ahead = (transaction - self.next_to_come + 2**31) % 2**32 - 2**31
        if ahead >= 0:
            return False
        whole = self.next_to_come + ahead
        return whole < self.first_running or whole not in self.running


class Joining(NamedTuple):
    """Somebody who opens the stream."""

    viewer: Viewer
    standing: LiveSession
    name: str
    #: The tip whose page is open, if the viewer may see it.
    at: UUID | None


def standing(viewers: Iterable[Viewer]) -> dict[str, LiveSession]:
    """Return token → standing for the sessions that still stand; marks none of them as used."""
    by_hash = {row_key(viewer.database_token): viewer for viewer in viewers}
    with connection.cursor() as cursor:
        codes = [viewer.person_mac for viewer in by_hash.values()]
        cursor.execute("SELECT * FROM api.live_sessions(%s, %s)", [list(by_hash), codes])
        rows = cursor.fetchall()
        cursor.execute("SELECT api.live_named(%s, %s)", [list(by_hash), codes])
        named = {bytes(one) for (one,) in cursor.fetchall()}
    found = {}
    for token_hash, districts, teams, excluded, seconds_left in rows:
        viewer = by_hash[bytes(token_hash)]
        # At a center all see the districts it serves; at a school each sees the own teams'.
        at_center = viewer.kind is TeamKind.CENTER
        own = () if at_center else tuple(teams)
        # What was handed to single persons isn't the team's: who joined it since has none of it.
        by_name = not at_center and bytes(token_hash) in named
        alone = viewer.person_id if excluded or by_name else None
        scope = Scope(viewer.kind, tuple(districts), own, alone)
        found[viewer.token] = LiveSession(scope, seconds_left)
    return found


def join(token: str, at: UUID | None) -> Joining | None:
    """Return who opens the stream by the session's cookie; None when it is over.

    The stream keeps no key: what it holds of the viewer can look, and open nothing.
    """
    row = sessions.read(token, touch=False)
    if row is None or not row.complete or not row.second_factor:
        return None
    viewer = dataclasses.replace(row.viewer, private_seed=None)
    stands = standing([viewer]).get(token)
    if stands is None or not may(viewer, Permission.OPEN_TIPS):
        return None
    with viewing(viewer):
        name = names_of([viewer.person_id]).get(viewer.person_id, "")
        seen = at if at and Tip.objects.filter(pk=at).exists() else None
    return Joining(viewer, stands, name or gettext("A colleague"), seen)


def changes(tips: Sequence[UUID], *, poll: bool) -> tuple[datetime, list[Located]]:
    """Return the database's time and where tips belong: the named ones, and what a poll finds.

    The poll looks back a few seconds, since a change commits later than its time says.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.clock_now()")
        now: datetime = cursor.fetchall()[0][0]
        cursor.execute(
            "SELECT * FROM api.live_tips(%s::uuid[],"
            " CASE WHEN %s THEN api.clock_now() - interval '5 seconds' END)",
            [list(tips), poll],
        )
        return now, [Located(*row) for row in cursor.fetchall()]


def changes_since(since: float, seen: Snapshot | None = None) -> list[Located]:
    """Return what changed since a time in seconds of the epoch and is not in a page's snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM api.live_tips(NULL, to_timestamp(%s) - interval '2 seconds')", [since]
        )
        found = [Located(*row) for row in cursor.fetchall()]
    return [one for one in found if seen is None or not seen.shows(int(one.version))]


def render_rows(viewer: Viewer, tips: Sequence[UUID]) -> dict[UUID, str]:
    """Return the queue's rows of those tips that a viewer may see, as they stand on the page.

    What comes in with a flood has no row ("") until a person touches it: ten thousand of them a
    minute, sent to every desk, would keep a child's tip from all of them. Nor has what another's
    row stands for; that row comes too, as it says how many they are, and may be another's by now.
    """
    with viewing(viewer):
        seen, centers = list(Tip.objects.filter(pk__in=tips)), centers_of(viewer)
        none = {t.pk for t in seen if t.junk and t.similarity and t.changed_at == t.received_at}
        groups = together(centers)
        marks = {bytes(tip.same_words) for tip in seen if tip.same_words is not None}
        if marks:
            # Those in the same words stand otherwise too: one more behind a row, or one alone.
            same = Tip.objects.filter(
                UNTOUCHED, free(), center_id__in=centers, same_words__in=marks
            )
            none |= set(same.filter(behind(groups), pk__in=tips).values_list("pk", flat=True))
            seen += without_others(same, groups).exclude(pk__in=tips)[:MOST]
        # Of very many the page is told that they wait, not where: it asks for the list.
        waits = any(tip.state == TipState.NEW for tip in seen)
        rest = rest_of(centers, groups).values() if waits else ()
        late = {tip for ones in rest for tip in ones}
        shown = rows_for([tip for tip in seen if tip.pk not in none], groups)
        rows = [dataclasses.replace(row, behind=row.id in late) for row in shown]
    return dict.fromkeys(none, "") | {
        row.id: render_to_string("triage/row.html", {"row": row}) for row in rows
    }


def visible(viewer: Viewer, tips: Sequence[UUID]) -> set[UUID]:
    """Return those of the tips that a viewer may see."""
    with viewing(viewer):
        return set(Tip.objects.filter(pk__in=tips).values_list("pk", flat=True))


def all_visible(viewer: Viewer) -> set[UUID]:
    """Return the tips that somebody sees, so that the going of one of them can be told."""
    with viewing(viewer):
        return set(Tip.objects.order_by("-received_at").values_list("pk", flat=True)[:500])


def figures(viewer: Viewer) -> dict[str, str]:
    """Return the figures above the queue as words."""
    with viewing(viewer):
        counts = counts_for(viewer)

    def words(count: int) -> str:
        return f"{intcomma(count)}+" if count >= COUNT_LIMIT else str(count)

    oldest = counts.oldest
    return {
        "unread": words(counts.unread),
        "unclaimed": words(counts.unclaimed),
        "waiting": words(counts.waiting),
        "talks": words(counts.talks),
        "unanswered": words(counts.unanswered),
        "no_topic": words(counts.no_topic),
        "surge": "yes" if counts.unread >= SURGE else "",
        "oldest": oldest.isoformat(timespec="seconds") if oldest else "",
        "oldest_words": ago(oldest) if oldest else "",
        "oldest_exact": exact(oldest) if oldest else "",
    }


def alarms(viewer: Viewer) -> list[tuple[str, bool]]:
    """Return the life-safety tips that nobody has taken, or whose taker has fallen silent.

    With whether nobody has opened the words: the tab's title counts those.
    """
    with viewing(viewer):
        open_tips = Tip.objects.filter(rank=0, junk=False, center_id__in=centers_of(viewer))
        # What came alone first: where more ring than can be named, a flood hides none of it.
        open_tips = open_tips.order_by(IN_CROWD)
        open_tips = without_others(open_tips, together(centers_of(viewer)))
        found = list(
            open_tips.filter(state__in=WAITING_STATES).values_list("pk", flat=True)[:_ALARMS]
        )
        taken = open_tips.filter(state=TipState.CLAIMED).values_list("pk", flat=True)[:_ALARMS]
        found += Alert.objects.filter(
            subject_id__in=list(taken), state=Alert.State.OPEN
        ).values_list("subject_id", flat=True)
        unread = Tip.objects.filter(pk__in=found, first_read_at=None)
        new = set(unread.values_list("pk", flat=True))
        return [(str(tip), tip in new) for tip in found]


def troubles() -> list[str]:
    """Return what is wrong with the system, in words; asked as the bare login role."""
    return banner()


def in_thread[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run some database work in this thread and give its connections back."""
    try:
        return work(*args, **kwargs)
    finally:
        for one in connections.all(initialized_only=True):
            one.close()
