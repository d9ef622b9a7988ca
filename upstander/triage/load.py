"""The center's load, for its supervisor: counts and times of the work. Call inside ``viewing``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from upstander.cases.models import SecondOpinion
from upstander.escalations.models import Alert
from upstander.places.models import District, Membership
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer
from upstander.places.taxonomy import TILES_BY_KEY
from upstander.tips.models import Tip
from upstander.tips.queries import names_of
from upstander.tips.states import WAITING_STATES, TipState
from upstander.triage.queries import IN_CROWD, centers_of

#: A tip of each rank that nobody has after so long stands on the supervisor's page.
TOO_LONG: dict[int, timedelta] = {
    0: timedelta(minutes=2),
    1: timedelta(minutes=15),
    2: timedelta(hours=2),
}
#: Tips that are looked through for what is stuck.
_LIMIT = 200
#: The newest tips of a span from which the times are reckoned: the page costs the same, however
#: many there are, and nobody's median changes by those before them.
TIMED = 5000
#: Rows on the page: who has more than this stuck needs more people, not a longer list.
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class AtWork:
    """One of the center's staff: whether they are on, and how many tips they hold."""

    name: str
    role: str
    on: bool
    holds: int
    waiting: int


@dataclass(frozen=True, slots=True)
class OpinionWaiting:
    """A second opinion that nobody has given yet."""

    tip_id: UUID
    reference: str
    tile: str
    words: str
    name: str
    expires_at: datetime


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


def people_of(viewer: Viewer) -> list[AtWork]:
    """Return the center's staff in the order of their names, with what each holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM api.center_presence()")
        here = {row[0] for row in cursor.fetchall()}
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
    labels = {"counselor": "Counselor", "center_supervisor": "Supervisor"}
    return sorted(
        (
            AtWork(
                names.get(person, "Somebody"),
                labels.get(role, role),
                person in here,
                *held.get(person, (0, 0)),
            )
            for person, role in members.items()
        ),
        key=lambda one: (not one.on, one.name.casefold()),
    )


def needing_eyes(viewer: Viewer, now: datetime) -> list[Tip]:
    """Return the tips that nobody has for too long, or whose alert nobody has acknowledged."""
    found: list[Tip] = []
    for rank, limit in TOO_LONG.items():
        front = Tip.objects.filter(center_id__in=centers_of(viewer), rank=rank, junk=False)
        unclaimed = front.filter(state__in=WAITING_STATES, waiting_since__lt=now - limit)
        found += unclaimed.order_by(IN_CROWD, "waiting_since", "received_at")[:_LIMIT]
        handed = list(front.filter(state=TipState.HANDED_OFF).order_by("received_at")[:_LIMIT])
        silent = set(
            Alert.objects.filter(
                subject_id__in=[tip.pk for tip in handed],
                state=Alert.State.OPEN,
                opened_at__lt=now - limit,
            ).values_list("subject_id", flat=True)
        )
        found += [tip for tip in handed if tip.pk in silent]
    return found[:_SHOWN]


def open_opinions(viewer: Viewer, now: datetime) -> list[OpinionWaiting]:
    """Return the proposals that wait for a second person, those that lapse first in front."""
    rows = list(
        SecondOpinion.objects.filter(state=SecondOpinion.State.OPEN, expires_at__gt=now).order_by(
            "expires_at"
        )[:_LIMIT]
    )
    tips = Tip.objects.in_bulk([row.tip_id for row in rows])
    names = names_of(row.proposed_by for row in rows)
    return [
        OpinionWaiting(
            row.tip_id,
            tip.reference,
            TILES_BY_KEY[tip.tile].text("en") if tip.tile in TILES_BY_KEY else tip.tile,
            SecondOpinion.Kind(row.kind).label,
            names.get(row.proposed_by, "Somebody"),
            row.expires_at,
        )
        for row in rows
        if (tip := tips.get(row.tip_id)) is not None
    ]


def times_of(viewer: Viewer, now: datetime) -> Sequence[Times]:
    """Return medians and 90th percentiles of the time to the first read and the first reply.

    Junk is left out: a flood would make any figure good. A tip that is still unread counts with
    what it has waited so far, so that the figure can't be bettered by not reading. Of very many
    tips the newest ``TIMED`` are reckoned with.
    """
    spans = (("Last 24 hours", timedelta(days=1)), ("Last 7 days", timedelta(days=7)))
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
