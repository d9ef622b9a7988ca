"""What the queue shows: metadata only, no word of a tip. A constant number of queries a page.

Call everything here inside ``viewing``: the database leaves out what the viewer may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import (
    BooleanField,
    Expression,
    ExpressionWrapper,
    F,
    Min,
    Q,
    QuerySet,
    Window,
)
from django.db.models.expressions import BaseExpression, RawSQL
from django.db.models.functions import Least, RowNumber
from django.utils.translation import gettext_lazy as _

from upstander.base.moment import database_now
from upstander.emergency.queries import requests_waiting
from upstander.escalations.models import Alert
from upstander.escalations.task_panel import calls_of, to_do
from upstander.intake.priority import Priority
from upstander.people.scope import Viewer
from upstander.tips.models import Tip
from upstander.tips.states import WAITING_STATES, TipState
from upstander.triage.models import Assessment
from upstander.triage.together import HELD, Together, without_others

#: Rows on one page of the queue, and pages to leaf through; beyond that a filter is sooner.
PAGE, MAX_PAGES = 60, 20
#: So many for which somebody must be phoned come to the first page, the others in their places.
CALLED = 30
#: Counts stop here: "1,000 or more" is as good an alarm as the number.
COUNT_LIMIT = 1000
#: How many tips set aside as junk are grouped, newest first.
JUNK_LIMIT = 2000
#: What can be looked at besides everything open.
STATES = {
    "": _("all open tips"),
    "unclaimed": _("unclaimed"),
    "waiting": _("waiting for a reply"),
    "claimed": _("with a counselor"),
    "handed_off": _("with a school's team"),
    "closed": _("closed"),
    "talks": _("talks"),
    "unanswered": _("claimed, unanswered"),
    "no_topic": _("urgent, no topic, unread"),
}
#: What the center keeps to itself, or did until it named a ground.
OPEN_TALK = Q(to_talk=True, junk=False) & ~Q(state=TipState.CLOSED)
#: Urgent, without a topic, and nobody has opened it: nobody has judged what it is.
NO_TOPIC = ~Q(state=TipState.CLOSED) & Q(rank=1, junk=False, tile="", first_read_at=None)
_ON_QUEUE = ~Q(state=TipState.CLOSED) | Q(waiting_since__isnull=False)
#: What of ``STATES`` is no state of a tip. Talks are said as their index says it: it is used so.
_OF_STATE = {
    "unclaimed": Q(state__in=WAITING_STATES),
    "waiting": Q(waiting_since__isnull=False),
    "talks": OPEN_TALK,
    "unanswered": Q(state=TipState.CLAIMED, waiting_since__isnull=False),
    "no_topic": NO_TOPIC,
}
#: What came among very many from one place: in its priority it stands after what came alone, so
#: that no flood keeps a child's tip off the first page.
IN_CROWD = ExpressionWrapper(Q(similarity__isnull=False), BooleanField())
#: Somebody has waited for an answer since they wrote, or for anybody at all: nobody has it. What
#: was answered stands after it, however urgent it was.
WAITS = RawSQL(
    "waiting_since IS NOT NULL OR state = 'new' OR state = 'returned'",
    (),
    output_field=BooleanField(),
)
#: Nobody at the center has it. In words without a parameter, as the index of the queue has them.
NOBODYS = RawSQL("state = 'new' OR state = 'returned'", (), output_field=BooleanField())
#: Urgent, nobody's, and a life may hang on what was not said (``Tip.may_be_grave``).
MAY_BE_GRAVE = RawSQL(
    "rank = 1 AND (tile = '' OR tile = 'suicide') AND (state = 'new' OR state = 'returned')",
    (),
    output_field=BooleanField(),
)
#: In each priority what came alone; of that what nobody has; of that, among the urgent, where a
#: life may hang on what was not said; of what somebody has, those whose reporter waits for an
#: answer; then now, then soon, then the longest wait.
#: A "now" that somebody has stands after a child's "soon" that nobody read, however many they are.
ORDER: tuple[str | Expression, ...] = (
    "rank",
    IN_CROWD,
    NOBODYS.desc(),
    MAY_BE_GRAVE.desc(),
    WAITS.desc(),
    "-happening_now",
    "-soon",
    F("waiting_since").asc(nulls_last=True),
    "received_at",
    "id",
)


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the counselor asked to see."""

    district_id: int | None = None
    priority: Priority | None = None
    state: str = ""
    mine: bool = False
    #: Hexadecimal similarity of one group of junk; ``-`` for those that a person set aside.
    similarity: str = ""
    #: Hexadecimal mark of the same words: all for which one row stands (``together.py``).
    same: str = ""

    @property
    def narrows(self) -> bool:
        """Tell whether anything is left out."""
        return self != QueueFilter()


@dataclass(frozen=True, slots=True)
class JunkGroup:
    """Tips set aside that look alike. Nothing is dropped: somebody can look at each."""

    similarity: str
    count: int
    priority: Priority
    newest: UUID
    newest_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures above the queue; ``COUNT_LIMIT`` means "or more". Unread: life safety, new.

    Unread ones, without a topic or not, and talks are of all that is open: no list hides them.
    """

    unclaimed: int
    waiting: int
    unread: int
    oldest: datetime | None
    talks: int
    #: Somebody has claimed it, and its reporter waits for an answer.
    unanswered: int
    no_topic: int


def centers_of(viewer: Viewer) -> list[int]:
    """Return the centers whose queue the viewer works on."""
    return sorted({post.center_id for post in viewer.memberships if post.center_id is not None})


def queue_tips(
    viewer: Viewer,
    wanted: QueueFilter,
    *,
    page: int = 1,
    groups: Mapping[UUID, Together] = MappingProxyType({}),
    rest: Collection[UUID] = (),
    surge: bool = False,
) -> list[Tip]:
    """Return one page of tips in the queue's order (``ORDER``), and one more if another follows.

    ``groups``: whose rows stand for others too, which are left out then, as are those in ``rest``,
    for which a row stands that is no tip's (``overflow.py``). Where somebody must be
    phoned for a tip it stands with what happens now. In a ``surge`` the unread ones come as pages
    go out: the schools by turns, of each the oldest and the newest by turns, what came alone first.
    Closed ones come newest first.
    """
    start = (max(1, min(page, MAX_PAGES)) - 1) * PAGE
    centers, front = centers_of(viewer), []
    flat = bool(wanted.similarity) or wanted.state == "closed"
    surge = surge and not (flat or wanted.same)
    ours = Tip.objects.filter(center_id__in=centers).exclude(pk__in=rest)
    here = without_others(_filtered(ours, viewer, wanted), groups)
    # A second person before police is waited for as a call is.
    police = [] if flat else [one.tip for one in requests_waiting()]
    if not flat:
        called = here.exclude(state__in=WAITING_STATES) if surge else here
        front = list(called.filter(pk__in=to_do().values("subject_id"))[:CALLED])
        if police:
            front += called.filter(pk__in=police).exclude(pk__in=[tip.pk for tip in front])[:CALLED]
    if surge:
        front += _by_turns(here, PAGE - len(front))
    ahead = [tip.pk for tip in front]
    start, room = max(0, start - len(front)), PAGE + 1 - (len(front) if page == 1 else 0)
    found: list[Tip] = []
    for center in centers:
        query = _filtered(Tip.objects.filter(center_id=center), viewer, wanted)
        query = without_others(query, groups).exclude(pk__in=[*ahead, *rest])
        # Somebody of two centers: each is read in its own index's order, then merged.
        found += query[start : start + room] if len(centers) == 1 else query[: start + room]
    calls = calls_of(tip.pk for tip in front + found) if front else {}
    calls |= dict.fromkeys(police, True)
    if len(centers) > 1:
        found.sort(key=queue_key(calls, closed=flat))
        found = found[start : start + room]
    if page > 1:
        return found
    first, more = front + found[: room - 1], found[room - 1 :]
    # What is phoned about stands in its place among the others, however many they are.
    return (first if surge else sorted(first, key=queue_key(calls, closed=flat))) + more


def _by_turns(unread: QuerySet[Tip], most: int) -> list[Tip]:
    """Return unread life-safety tips as in a surge their pages go out (``escalations/line.py``)."""
    crowd = ExpressionWrapper(Q(similarity__isnull=False) | Q(said_before__gte=2), BooleanField())
    of_school: list[BaseExpression | F | str] = [crowd, F("district_id"), F("school_id")]

    def place(*by: Expression) -> Window:
        return Window(RowNumber(), partition_by=of_school, order_by=by)

    oldest = place(F("waiting_since").asc(), F("id").asc())
    newest = place(F("waiting_since").desc(), F("id").desc())
    return list(
        unread.filter(rank=0, state__in=WAITING_STATES).order_by(
            crowd, Least(oldest * 2 - 1, newest * 2), "district_id", "school_id", "id"
        )[:most]
    )


def _filtered(query: QuerySet[Tip], viewer: Viewer, wanted: QueueFilter) -> QuerySet[Tip]:
    if wanted.district_id:
        query = query.filter(district_id=wanted.district_id)
    if wanted.priority:
        query = query.filter(rank=2 - wanted.priority.rank)
    if wanted.mine:
        query = query.filter(_mine(viewer))
    if wanted.state == "closed":
        return query.filter(state=TipState.CLOSED).order_by("-received_at", "id")
    query = query.filter(_ON_QUEUE)
    if wanted.state:
        query = query.filter(_OF_STATE.get(wanted.state) or Q(state=wanted.state))
    if wanted.similarity:
        mark = None if wanted.similarity == "-" else bytes.fromhex(wanted.similarity)
        return query.filter(junk=True, similarity=mark).order_by("-received_at", "id")
    if wanted.same:
        query = query.filter(same_words=bytes.fromhex(wanted.same))
    return query.filter(junk=False).order_by(*ORDER)


def _mine(viewer: Viewer) -> Q:
    """Return which tips the viewer has: claimed, or answered "I have it" for by phone."""
    # Said as the index of claimed tips says it, so that it is used.
    mine = ~Q(state=TipState.CLOSED) & Q(claimed_by=viewer.person_id)
    # What was claimed with others and not opened in time is nobody's again.
    mine &= ~Q(state=TipState.NEW) | Q(claimed_at__gt=database_now() - HELD)
    held = Alert.objects.filter(
        state=Alert.State.ACKNOWLEDGED,
        next_step_due_at__isnull=False,
        acknowledged_by=viewer.person_id,
        stage=Alert.Stage.CENTER,
    )
    answered = list(held.values_list("subject_id", flat=True))
    return mine | Q(pk__in=answered, state__in=WAITING_STATES) if answered else mine


def queue_key(calls: Mapping[UUID, bool], *, closed: bool = False) -> Callable[[Tip], Any]:
    """Sort as ``ORDER`` does; ``calls``: for which tips somebody must phone, and nobody has."""
    if closed:
        return lambda tip: -tip.received_at.timestamp()
    return lambda tip: (
        tip.rank,
        tip.crowded,
        tip.state not in WAITING_STATES and not calls.get(tip.pk, False),
        not tip.may_be_grave,
        tip.waiting_since is None and tip.state not in WAITING_STATES and tip.pk not in calls,
        not (now := tip.happening_now or tip.pk in calls),
        not (now or tip.soon),
        tip.waiting_since is None,
        tip.waiting_since or tip.received_at,
        tip.received_at,
        tip.pk,
    )


def assessed(tip_id: UUID) -> bool:
    """Tell whether anybody has assessed a tip; call inside ``viewing``."""
    return Assessment.objects.filter(tip_id=tip_id).exists()


def junk_groups(viewer: Viewer) -> list[JunkGroup]:
    """Return what was set aside, grouped by similarity; the most urgent, then the largest first."""
    newest = (
        Tip.objects.filter(_ON_QUEUE, center_id__in=centers_of(viewer), junk=True)
        .order_by("-received_at")
        .values_list("pk", "similarity", "rank", "received_at")[:JUNK_LIMIT]
    )
    groups: dict[str, JunkGroup] = {}
    for tip, similarity, rank, at in newest:
        mark = bytes(similarity).hex() if similarity is not None else "-"
        seen = groups.get(mark)
        priority = _PRIORITY_OF_RANK[rank]
        groups[mark] = (
            JunkGroup(mark, 1, priority, tip, at)
            if seen is None
            else JunkGroup(
                mark, seen.count + 1, max(seen.priority, priority), seen.newest, seen.newest_at
            )
        )
    return sorted(groups.values(), key=lambda g: (-g.priority.rank, -g.count, g.similarity))


_PRIORITY_OF_RANK = {2 - priority.rank: priority for priority in Priority}


def counts_for(viewer: Viewer, wanted: QueueFilter = QueueFilter()) -> Counts:
    """Return the figures above the queue; their cost has a bound."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"centers": centers_of(viewer), "limit": COUNT_LIMIT})
        [row] = cursor.fetchall()
    every = Counts(*row)
    if wanted.narrows:
        shown = _filtered(Tip.objects.filter(center_id__in=centers_of(viewer)), viewer, wanted)
        shown = shown.order_by()
        nobodys = Q(state__in=WAITING_STATES)
        parts = (nobodys, Q(waiting_since__isnull=False))
        unclaimed, waiting = (shown.filter(part)[:COUNT_LIMIT].count() for part in parts)
        oldest = shown.aggregate(oldest=Min("waiting_since"))["oldest"]
        return replace(every, unclaimed=unclaimed, waiting=waiting, oldest=oldest)
    return every


_ON_QUEUE_SQL = "center_id = c AND (state <> 'closed' OR waiting_since IS NOT NULL) AND NOT junk"
# Each part stops at the limit, or reads thirty-two rows of the index for each center and priority.
_COUNTS = f"""
SELECT
  (SELECT count(*) FROM (SELECT FROM unnest(%(centers)s::bigint[]) c, LATERAL (
     SELECT FROM tips_tip WHERE {_ON_QUEUE_SQL} AND state IN ('new', 'returned')
     LIMIT %(limit)s) t) counted),
  (SELECT count(*) FROM (SELECT FROM unnest(%(centers)s::bigint[]) c, LATERAL (
     SELECT FROM tips_tip WHERE {_ON_QUEUE_SQL} AND waiting_since IS NOT NULL
     LIMIT %(limit)s) t) counted),
  (SELECT count(*) FROM (SELECT FROM unnest(%(centers)s::bigint[]) c, LATERAL (
     SELECT FROM tips_tip WHERE {_ON_QUEUE_SQL} AND rank = 0 AND state IN ('new', 'returned')
     LIMIT %(limit)s) t) counted),
  (SELECT min(w) FROM unnest(%(centers)s::bigint[]) c, generate_series(0, 2) r,
     unnest(ARRAY[false, true]) crowded, unnest(ARRAY[false, true]) now_,
     unnest(ARRAY[false, true]) nobodys, unnest(ARRAY[false, true]) words,
     unnest(ARRAY[false, true]) soon_, LATERAL (
     SELECT waiting_since AS w FROM tips_tip
     WHERE {_ON_QUEUE_SQL} AND rank = r AND happening_now = now_ AND soon = soon_
       AND (similarity IS NOT NULL) = crowded AND (state = 'new' OR state = 'returned') = nobodys
       AND ({MAY_BE_GRAVE.sql}) = words AND ({WAITS.sql})
       AND waiting_since IS NOT NULL
     ORDER BY waiting_since LIMIT 1) t),
  (SELECT count(*) FROM (SELECT FROM unnest(%(centers)s::bigint[]) c, LATERAL (
     SELECT FROM tips_tip WHERE center_id = c AND to_talk AND NOT junk AND state <> 'closed'
     LIMIT %(limit)s) t) counted),
  (SELECT count(*) FROM (SELECT FROM unnest(%(centers)s::bigint[]) c, LATERAL (
     SELECT FROM tips_tip WHERE {_ON_QUEUE_SQL} AND state = 'claimed' AND waiting_since IS NOT NULL
     LIMIT %(limit)s) t) counted),
  (SELECT count(*) FROM (SELECT FROM unnest(%(centers)s::bigint[]) c, LATERAL (
     SELECT FROM tips_tip WHERE {_ON_QUEUE_SQL} AND rank = 1 AND tile = '' AND state <> 'closed'
       AND first_read_at IS NULL
     LIMIT %(limit)s) t) counted)
"""  # noqa: S608 - constants of this module


def related_tips(tip: Tip) -> list[Tip]:
    """Return the other tips of the same matter, newest first."""
    return list(
        Tip.objects.filter(matter_id=tip.matter_id).exclude(pk=tip.pk).order_by("-received_at")[:50]
    )


def tip_by_reference(reference: str) -> Tip | None:
    """Return the tip of a reference as somebody typed it, if the viewer may see it."""
    typed = "".join(reference.upper().split()).replace("-", "")
    if len(typed) != 8:
        return None
    return Tip.objects.filter(reference=f"{typed[:4]}-{typed[4:]}").first()
