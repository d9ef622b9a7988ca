"""The center's load, for its supervisor: counts and times of the work. Call inside ``viewing``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.urls import reverse
from django.utils.translation import gettext

from upstander.decisions.models import SecondOpinion
from upstander.emergency.queries import requests_waiting
from upstander.escalations.models import Alert, Task
from upstander.escalations.task_panel import calls_of, to_do
from upstander.people.models import Membership
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import District
from upstander.tips.models import Tip
from upstander.tips.queries import names_of
from upstander.tips.shown import tile_words
from upstander.tips.states import WAITING_STATES, TipState
from upstander.triage.queries import (
    COUNT_LIMIT,
    IN_CROWD,
    NO_TOPIC,
    centers_of,
    queue_key,
)

#: A tip of each rank that nobody has after so long stands on the supervisor's page.
TOO_LONG: dict[int, timedelta] = {
    0: timedelta(minutes=2),
    1: timedelta(minutes=15),
    2: timedelta(hours=2),
}
#: Whoever has worked so long without a break is named.
NO_BREAK = timedelta(hours=2)
#: Tips that are looked through for what is stuck.
_LIMIT = 200
#: The newest tips of a span from which the times are reckoned: the page costs the same, however
#: many there are, and nobody's median changes by those before them.
TIMED = 5000
#: Rows on the page: who has more than this stuck needs more people, not a longer list.
SHOWN = 40


@dataclass(frozen=True, slots=True)
class AtWork:
    """One of the center's staff: whether they are on, and how many tips they hold."""

    id: int
    name: str
    role: str
    on: bool
    holds: int
    waiting: int
    #: Since when they have worked without a break of ten minutes; None where they are not on.
    since: datetime | None
    #: That is longer than ``NO_BREAK``.
    needs_break: bool


@dataclass(frozen=True, slots=True)
class OpinionWaiting:
    """A second opinion that nobody has given yet."""

    #: Where it is given.
    path: str
    reference: str
    tile: str
    words: str
    name: str
    at: datetime
    #: None: it waits until somebody has decided.
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Times:
    """How long reporters waited, in seconds; None where nothing was measured."""

    label: str
    #: At most ``TIMED``: the newest.
    tips: int
    read_median: float | None
    read_p90: float | None
    reply_median: float | None
    reply_p90: float | None


def people_of(viewer: Viewer, now: datetime) -> list[AtWork]:
    """Return the center's staff: who is on first, by name; what each holds, and since when."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, working_since FROM api.center_presence()")
        here: dict[int, datetime] = dict(cursor.fetchall())
    members = dict(
        Membership.objects.filter(
            team__kind=TeamKind.CENTER,
            team__center_id__in=centers_of(viewer),
            person__is_active=True,
        ).values_list("person_id", "role")
    )
    held = {
        person: (holds, waiting)
        for person, holds, waiting in Tip.objects.filter(
            claimed_by__in=list(members), state=TipState.CLAIMED
        )
        .values_list("claimed_by")
        .annotate(holds=Count("pk"), waits=Count("pk", filter=Q(waiting_since__isnull=False)))
    }
    names = names_of(members)
    labels = {"counselor": gettext("Counselor"), "center_supervisor": gettext("Supervisor")}
    return sorted(
        (
            AtWork(
                person,
                names.get(person, gettext("Someone")),
                labels.get(role, role),
                person in here,
                *held.get(person, (0, 0)),
                here.get(person),
                person in here and now - here[person] >= NO_BREAK,
            )
            for person, role in members.items()
        ),
        key=lambda one: (not one.on, one.name.casefold()),
    )


def needing_eyes(viewer: Viewer, now: datetime) -> list[Tip]:
    """Return the tips that nobody has for too long, or for which something is late.

    Late is an alert that nobody has acknowledged, whoever has the tip, and what must be done by
    hand. They stand as on the queue: now, or somebody to phone, before the longest wait.
    """
    called = to_do().values("subject_id")
    late = called.filter(due_at__lt=now)
    pressing = ExpressionWrapper(Q(happening_now=True) | Q(pk__in=called), BooleanField())
    at_ours = Tip.objects.filter(center_id__in=centers_of(viewer), junk=False)
    found = list(at_ours.filter(pk__in=late).order_by("rank", IN_CROWD, "waiting_since")[:_LIMIT])
    for rank, limit in TOO_LONG.items():
        front = at_ours.filter(rank=rank)
        unclaimed = front.filter(state__in=WAITING_STATES, waiting_since__lt=now - limit)
        order = (IN_CROWD, pressing.desc(), "-soon", "waiting_since", "received_at")
        found += unclaimed.order_by(*order)[:_LIMIT]
        had = front.filter(state__in=(TipState.HANDED_OFF, TipState.CLAIMED))
        handed = list(had.order_by("received_at")[:_LIMIT])
        silent = set(
            Alert.objects.filter(
                subject_id__in=[tip.pk for tip in handed],
                state=Alert.State.OPEN,
                opened_at__lt=now - limit,
            ).values_list("subject_id", flat=True)
        )
        found += [tip for tip in handed if tip.pk in silent]
    once = {tip.pk: tip for tip in found}
    return sorted(once.values(), key=queue_key(calls_of(once)))


def only_words(viewer: Viewer) -> tuple[int, Tip | None]:
    """Return how many urgent tips without a topic nobody has read, and the one that came first.

    At most ``COUNT_LIMIT``. From the first moment: nobody has judged what they are.
    """
    unread = Tip.objects.filter(NO_TOPIC, center_id__in=centers_of(viewer))
    number = unread[:COUNT_LIMIT].count()
    return number, unread.order_by("received_at", "pk").first() if number else None


def late_decisions(viewer: Viewer, now: datetime) -> int:
    """Return for how many tips the decision about 911 is late; at most ``COUNT_LIMIT``."""
    ours = Tip.objects.filter(center_id__in=centers_of(viewer), junk=False).values("pk")
    late = to_do().filter(kind=Task.Kind.DECIDE_911, due_at__lt=now, subject_id__in=ours)
    return late.values("subject_id").distinct()[:COUNT_LIMIT].count()


def longest_wait(viewer: Viewer) -> Tip | None:
    """Return the tip whose reporter has waited longest for an answer, whoever has it."""
    waiting = Tip.objects.filter(center_id__in=centers_of(viewer), junk=False)
    return waiting.filter(waiting_since__isnull=False).order_by("waiting_since", "id").first()


def open_opinions(viewer: Viewer, now: datetime) -> list[OpinionWaiting]:
    """Return what waits for a second person: police first, then what lapses first."""
    rows = list(
        SecondOpinion.objects.filter(state=SecondOpinion.State.OPEN, expires_at__gt=now).order_by(
            "expires_at"
        )[:_LIMIT]
    )
    police = requests_waiting()[:_LIMIT]
    tips = Tip.objects.in_bulk([*(one.tip_id for one in police), *(one.tip_id for one in rows)])
    names = names_of([*(row.asked_by for row in police), *(row.proposed_by for row in rows)])
    someone = gettext("Someone")
    return [
        OpinionWaiting(
            reverse("emergency_sheet", args=[row.tip_id]) + "#police-asked",
            tips[row.tip_id].reference,
            tile_words(tips[row.tip_id]),
            gettext("send police"),
            names.get(row.asked_by, someone),
            row.asked_at,
            None,
        )
        for row in police
        if row.tip_id in tips
    ] + [
        OpinionWaiting(
            reverse("tip", args=[row.tip_id]),
            tips[row.tip_id].reference,
            tile_words(tips[row.tip_id]),
            str(SecondOpinion.Kind(row.kind).label),
            names.get(row.proposed_by, someone),
            row.proposed_at,
            row.expires_at,
        )
        for row in rows
        if row.tip_id in tips
    ]


def times_of(viewer: Viewer, now: datetime) -> Sequence[Times]:
    """Return medians and 90th percentiles of the time to the first read and the first reply.

    Junk is left out: a flood would make any figure good. A tip that is still unread counts with
    what it has waited so far, so that the figure can't be bettered by not reading. Of very many
    tips the newest ``TIMED`` are reckoned with.
    """
    spans = (
        (gettext("Last 24 hours"), timedelta(days=1)),
        (gettext("Last 7 days"), timedelta(days=7)),
    )
    districts = list(
        District.objects.filter(center_id__in=centers_of(viewer)).values_list("pk", flat=True)
    )
    shown = []
    with connection.cursor() as cursor:
        for label, span in spans:
            cursor.execute(
                _TIMES,
                {"districts": districts, "since": now - span, "now": now, "most": TIMED},
            )
            shown += [Times(label, *row) for row in cursor.fetchall()]
    return shown


_TIMES = """
SELECT count(*),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY read),
  percentile_cont(0.9) WITHIN GROUP (ORDER BY read),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY reply),
  percentile_cont(0.9) WITHIN GROUP (ORDER BY reply)
FROM (SELECT
    extract(epoch FROM coalesce(first_read_at, %(now)s) - received_at)::float AS read,
    extract(epoch FROM coalesce(first_reply_at, CASE WHEN state <> 'closed' THEN %(now)s END)
            - received_at)::float AS reply
  FROM (SELECT n.* FROM unnest(%(districts)s::bigint[]) d, LATERAL (
      SELECT received_at, first_read_at, first_reply_at, state FROM tips_tip
      WHERE district_id = d AND received_at >= %(since)s AND NOT junk
      ORDER BY received_at DESC LIMIT %(most)s) n
    ORDER BY received_at DESC LIMIT %(most)s) newest) t
"""
