"""What the queue shows: metadata only, no word of a tip. A constant number of queries a page.

Call everything here inside ``viewing``: the database leaves out what the viewer may not see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet

from upstander.cases.models import SecondOpinion
from upstander.escalations.queries import alert_states
from upstander.places.models import District, School
from upstander.places.priority import Priority
from upstander.places.scope import Viewer
from upstander.places.taxonomy import TILES_BY_KEY
from upstander.tips.models import Message, Tip
from upstander.tips.queries import names_of
from upstander.tips.states import WAITING_STATES, TipState
from upstander.triage.alerts import AlertShown, alert_words
from upstander.triage.models import Assessment
from upstander.triage.together import Together, without_others
from upstander.vault.seeds import Audience

#: Rows on one page of the queue.
PAGE = 60
#: Pages that can be leafed through; beyond that a filter finds it sooner.
MAX_PAGES = 20
#: Counts stop here: "1,000 or more" is as good an alarm as the number.
COUNT_LIMIT = 1000
#: How many tips set aside as junk are grouped, newest first.
JUNK_LIMIT = 2000

#: What can be looked at besides everything open.
STATES: dict[str, str] = {
    "": "everything open",
    "unclaimed": "nobody has it yet",
    "waiting": "waiting for an answer",
    "claimed": "with a counselor",
    "handed_off": "with a school's team",
    "closed": "closed",
}
CHANNELS: dict[str, str] = {
    "web": "web",
    "sms": "text message",
    "voice": "phone",
    "staff": "taken down by staff",
    "import": "import",
}
LANGUAGE_NAMES: dict[str, str] = {"en": "English", "es": "Español", "ar": "العربية"}

_ON_QUEUE = ~Q(state=TipState.CLOSED) | Q(waiting_since__isnull=False)
#: What came among very many from one place: in its priority it stands after what came alone, so
#: that no flood keeps a child's tip off the first page.
IN_CROWD = ExpressionWrapper(Q(likeness__isnull=False), BooleanField())
_WAITED = (F("waiting_since").asc(nulls_last=True), "received_at", "id")


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What the counselor asked to see."""

    district_id: int | None = None
    priority: Priority | None = None
    state: str = ""
    mine: bool = False
    #: Hexadecimal likeness of one group of junk; ``-`` for those that a person set aside.
    alike: str = ""
    #: Hexadecimal mark of the same words: all for which one row stands (``together.py``).
    same: str = ""

    @property
    def narrows(self) -> bool:
        """Tell whether anything is left out."""
        return self != QueueFilter()


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One tip on the queue, as everybody who may see it sees it."""

    id: UUID
    reference: str
    priority: Priority
    rank: int
    happening_now: bool
    tile: str
    school: str
    district: str
    district_id: int
    language: str
    channel: str
    state: TipState
    owner_id: int | None
    owner: str
    received_at: datetime
    waiting_since: datetime | None
    unanswered: int
    mandated: bool
    junk: bool
    crowded: bool
    ended: bool
    alert: AlertShown | None
    #: A second person is asked to agree to something, and has not yet said.
    asks_second: bool = False
    #: It stands for others in the same words too.
    together: Together | None = None

    @property
    def place(self) -> str:
        """A text whose order is the queue's order, for the page that inserts a row by itself."""
        # "~" comes after every digit: who waits for nobody comes last.
        waiting = f"{self.waiting_since.timestamp():012.0f}" if self.waiting_since else "~"
        received = f"{self.received_at.timestamp():012.0f}"
        return f"{self.rank}|{self.crowded:d}|{waiting}|{received}|{self.id}"

    @property
    def claimable(self) -> bool:
        """Tell whether nobody at the center has it."""
        return self.state in WAITING_STATES

    @property
    def alarming(self) -> bool:
        """A life may be in danger and nobody at the center is at it."""
        silent = self.state == TipState.CLAIMED and self.alert is not None and self.alert.open
        return self.priority is Priority.LIFE_SAFETY and (self.state in WAITING_STATES or silent)

    @property
    def shows_alert(self) -> bool:
        """Tell whether the alert says more than who has claimed the tip."""
        return self.alert is not None and (self.alert.open or self.state != TipState.CLAIMED)

    @property
    def tone(self) -> str:
        """How the state looks (ui's TONES)."""
        return _TONES[self.state]

    @property
    def state_words(self) -> str:
        """The state and who has it, in words."""
        if self.state == TipState.CLAIMED:
            return f"{self.owner} has it" if self.owner else "A counselor has it"
        return _STATE_WORDS[self.state]


_TONES: dict[TipState, str] = {
    TipState.NEW: "waiting",
    TipState.CLAIMED: "working",
    TipState.HANDED_OFF: "done",
    TipState.RETURNED: "late",
    TipState.CLOSED: "closed",
}
_STATE_WORDS: dict[TipState, str] = {
    TipState.NEW: "Nobody has it yet",
    TipState.HANDED_OFF: "With the school's team",
    TipState.RETURNED: "Back at the center",
    TipState.CLOSED: "Closed, nobody has it",
}


@dataclass(frozen=True, slots=True)
class JunkGroup:
    """Tips set aside that look alike. Nothing is dropped: somebody can look at each."""

    alike: str
    count: int
    priority: Priority
    newest: UUID
    newest_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures above the queue; ``COUNT_LIMIT`` means "or more". Unread: life safety, new."""

    unclaimed: int
    waiting: int
    life_safety: int
    unread: int
    oldest: datetime | None


def centers_of(viewer: Viewer) -> list[int]:
    """Return the centers whose queue the viewer works on."""
    return sorted({post.center_id for post in viewer.posts if post.center_id is not None})


def queue_tips(
    viewer: Viewer,
    wanted: QueueFilter,
    *,
    page: int = 1,
    groups: Mapping[UUID, Together] = MappingProxyType({}),
) -> list[Tip]:
    """Return one page of tips in the queue's order, and one more if another page follows.

    ``groups``: whose rows stand for others too, which are left out then.

    Life safety first; in each priority what came in a crowd last, then the longest wait; those that
    wait for nobody come last. Closed ones come newest first.
    """
    start = (max(1, min(page, MAX_PAGES)) - 1) * PAGE
    found: list[Tip] = []
    centers = centers_of(viewer)
    for center in centers:
        query = _filtered(Tip.objects.filter(center_id=center), viewer, wanted)
        query = without_others(query, groups)
        # Somebody of two centers: each is read in its own index's order, then merged.
        window = slice(start, start + PAGE + 1) if len(centers) == 1 else slice(start + PAGE + 1)
        found += query[window]
    if len(centers) > 1:
        found.sort(key=_merge_key(closed=wanted.state == "closed" or bool(wanted.alike)))
        found = found[start : start + PAGE + 1]
    return found


def _filtered(query: QuerySet[Tip], viewer: Viewer, wanted: QueueFilter) -> QuerySet[Tip]:
    if wanted.district_id:
        query = query.filter(district_id=wanted.district_id)
    if wanted.priority:
        query = query.filter(rank=2 - wanted.priority.rank)
    if wanted.mine:
        # Said as the index of claimed tips says it, so that it is used.
        query = query.filter(~Q(state=TipState.CLOSED), claimed_by=viewer.person_id)
    if wanted.state == "closed":
        return query.filter(state=TipState.CLOSED).order_by("-received_at", "id")
    query = query.filter(_ON_QUEUE)
    if wanted.state == "unclaimed":
        query = query.filter(state__in=WAITING_STATES)
    elif wanted.state == "waiting":
        query = query.filter(waiting_since__isnull=False)
    elif wanted.state:
        query = query.filter(state=wanted.state)
    if wanted.alike:
        alike = None if wanted.alike == "-" else bytes.fromhex(wanted.alike)
        return query.filter(junk=True, likeness=alike).order_by("-received_at", "id")
    if wanted.same:
        query = query.filter(same_words=bytes.fromhex(wanted.same))
    return query.filter(junk=False).order_by("rank", IN_CROWD, *_WAITED)


def _merge_key(*, closed: bool) -> Callable[[Tip], Any]:
    if closed:
        return lambda tip: -tip.received_at.timestamp()
    return lambda tip: (
        tip.rank,
        tip.crowded,
        tip.waiting_since is None,
        tip.waiting_since or tip.received_at,
        tip.received_at,
        tip.pk,
    )


def rows_for(
    tips: Sequence[Tip], groups: Mapping[UUID, Together] = MappingProxyType({})
) -> list[QueueRow]:
    """Add to tips what their rows show besides: names, unanswered messages, the alert's state."""
    ids = [tip.pk for tip in tips]
    unanswered = dict(
        Message.objects.filter(
            tip_id__in=ids,
            author=Message.Author.REPORTER,
            kind=Message.Kind.TEXT,
            at__gte=F("tip__waiting_since"),
        )
        .values_list("tip_id")
        .annotate(Count("pk"))
    )
    schools = dict(
        School.objects.filter(pk__in={t.school_id for t in tips if t.school_id}).values_list(
            "pk", "name"
        )
    )
    districts = dict(
        District.objects.filter(pk__in={t.district_id for t in tips}).values_list("pk", "name")
    )
    alerts = alert_states(ids)
    second = set(
        SecondOpinion.objects.filter(
            tip_id__in=ids, state=SecondOpinion.State.OPEN, audience=Audience.CENTER
        ).values_list("tip_id", flat=True)
    )
    people = names_of({t.claimed_by for t in tips} | {a.acknowledged_by for a in alerts.values()})
    return [
        QueueRow(
            id=tip.pk,
            reference=tip.reference,
            priority=Priority(tip.priority),
            rank=tip.rank,
            happening_now=tip.happening_now,
            tile=TILES_BY_KEY[tip.tile].text("en") if tip.tile in TILES_BY_KEY else tip.tile,
            school=schools.get(tip.school_id or 0, ""),
            district=districts.get(tip.district_id, ""),
            district_id=tip.district_id,
            language=LANGUAGE_NAMES.get(tip.language, tip.language),
            channel=CHANNELS.get(tip.channel, tip.channel),
            state=TipState(tip.state),
            # Once it is closed nobody has it, whoever was the last to.
            owner_id=None if tip.state == TipState.CLOSED else tip.claimed_by,
            owner="" if tip.state == TipState.CLOSED else people.get(tip.claimed_by or 0, ""),
            received_at=tip.received_at,
            waiting_since=tip.waiting_since,
            unanswered=unanswered.get(tip.pk, 0),
            mandated=tip.mandated,
            junk=tip.junk,
            crowded=tip.crowded,
            ended=tip.ended_by_reporter,
            alert=alert_words(alerts[tip.pk], people, at_center=tip.state != TipState.HANDED_OFF)
            if tip.pk in alerts and tip.state != TipState.CLOSED
            else None,
            asks_second=tip.pk in second,
            together=groups.get(tip.pk),
        )
        for tip in tips
    ]


def assessed(tip_id: UUID) -> bool:
    """Tell whether anybody has assessed a tip; call inside ``viewing``."""
    return Assessment.objects.filter(tip_id=tip_id).exists()


def junk_groups(viewer: Viewer) -> list[JunkGroup]:
    """Return what was set aside, grouped by likeness; the most urgent and largest groups first."""
    newest = (
        Tip.objects.filter(_ON_QUEUE, center_id__in=centers_of(viewer), junk=True)
        .order_by("-received_at")
        .values_list("pk", "likeness", "rank", "received_at")[:JUNK_LIMIT]
    )
    groups: dict[str, JunkGroup] = {}
    for tip, likeness, rank, at in newest:
        alike = bytes(likeness).hex() if likeness is not None else "-"
        seen = groups.get(alike)
        priority = _PRIORITY_OF_RANK[rank]
        groups[alike] = (
            JunkGroup(alike, 1, priority, tip, at)
            if seen is None
            else JunkGroup(
                alike, seen.count + 1, max(seen.priority, priority), seen.newest, seen.newest_at
            )
        )
    return sorted(groups.values(), key=lambda g: (-g.priority.rank, -g.count, g.alike))


_PRIORITY_OF_RANK = {2 - priority.rank: priority for priority in Priority}


def counts_for(viewer: Viewer) -> Counts:
    """Return the figures above the queue, in one query whose cost has a bound."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"centers": centers_of(viewer), "limit": COUNT_LIMIT})
        [row] = cursor.fetchall()
    return Counts(*row)


_ON_QUEUE_SQL = "center_id = c AND (state <> 'closed' OR waiting_since IS NOT NULL) AND NOT junk"
# Each part stops at the limit, or reads two rows of the index for each center and priority.
_COUNTS = f"""
SELECT
  (SELECT count(*) FROM (SELECT FROM unnest(%(centers)s::bigint[]) c, LATERAL (
     SELECT FROM tips_tip WHERE {_ON_QUEUE_SQL} AND state IN ('new', 'returned')
     LIMIT %(limit)s) t) counted),
  (SELECT count(*) FROM (SELECT FROM unnest(%(centers)s::bigint[]) c, LATERAL (
     SELECT FROM tips_tip WHERE {_ON_QUEUE_SQL} AND waiting_since IS NOT NULL
     LIMIT %(limit)s) t) counted),
  (SELECT count(*) FROM (SELECT FROM unnest(%(centers)s::bigint[]) c, LATERAL (
     SELECT FROM tips_tip WHERE {_ON_QUEUE_SQL} AND rank = 0 LIMIT %(limit)s) t) counted),
  (SELECT count(*) FROM (SELECT FROM unnest(%(centers)s::bigint[]) c, LATERAL (
     SELECT FROM tips_tip WHERE {_ON_QUEUE_SQL} AND rank = 0 AND state IN ('new', 'returned')
     LIMIT %(limit)s) t) counted),
  (SELECT min(w) FROM unnest(%(centers)s::bigint[]) c, generate_series(0, 2) r,
     unnest(ARRAY[false, true]) crowded, LATERAL (
     SELECT waiting_since AS w FROM tips_tip
     WHERE {_ON_QUEUE_SQL} AND rank = r AND (likeness IS NOT NULL) = crowded
       AND waiting_since IS NOT NULL
     ORDER BY waiting_since LIMIT 1) t)
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
