"""Reads of the dispatch pages. Call them inside ``viewing`` unless told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from upstander.dispatch.models import (
    Brief,
    Call,
    PoliceRequest,
    Roster,
    RosterOpening,
    Sheet,
)
from upstander.escalations.models import Task
from upstander.places.models import School, Team
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer
from upstander.tips.models import Tip


@dataclass(frozen=True, slots=True)
class Standing:
    """The rows around a tip's dispatch, as read inside ``viewing``; oldest first."""

    sheets: list[Sheet]
    calls: list[Call]
    requests: list[PoliceRequest]
    briefs: list[Brief]
    openings: list[RosterOpening]
    #: The open task to confirm that help arrived.
    confirm: Task | None
    #: Police teams of the district, by id.
    police: Mapping[int, Team]
    #: The standing agreement, if any, and the request that waits.
    agreed: PoliceRequest | None
    waiting: PoliceRequest | None

    @property
    def people(self) -> set[int | None]:
        """Everybody whose name is shown."""
        found: set[int | None] = {sheet.person_id for sheet in self.sheets}
        found |= {call.person_id for call in self.calls}
        found |= {row.person_id for row in self.openings}
        for request in self.requests:
            found |= {request.asked_by, request.decided_by}
        for brief in self.briefs:
            found |= {brief.by, brief.acknowledged_by, brief.outcome_by}
        return found


def standing_of(tip: Tip, now: datetime) -> Standing:
    """Return what was done for a tip so far, for the center."""
    requests = list(PoliceRequest.objects.filter(tip_id=tip.pk).order_by("asked_at", "pk"))
    agreed = [
        r for r in requests if r.state == PoliceRequest.State.AGREED and r.stands_until >= now
    ]
    return Standing(
        sheets=list(Sheet.objects.filter(tip_id=tip.pk).order_by("number")),
        calls=list(Call.objects.filter(tip_id=tip.pk).order_by("called_at", "at", "pk")),
        requests=requests,
        briefs=list(Brief.objects.filter(tip_id=tip.pk).order_by("at", "pk")),
        openings=list(
            RosterOpening.objects.filter(tip_id=tip.pk, entry_id__isnull=False).order_by("at", "pk")
        ),
        confirm=Task.objects.filter(
            subject_id=tip.pk,
            kind=Task.Kind.CONFIRM_HELP,
            state__in=(Task.State.OPEN, Task.State.TAKEN),
        ).first(),
        police={team.pk: team for team in police_teams(tip.district_id)},
        agreed=agreed[-1] if agreed else None,
        waiting=next((r for r in requests if r.state == PoliceRequest.State.OPEN), None),
    )


def police_teams(district_id: int) -> list[Team]:
    """Return the police teams of a district that have somebody in them."""
    return list(
        Team.objects.filter(
            kind=TeamKind.POLICE, district_id=district_id, memberships__person__is_active=True
        )
        .distinct()
        .order_by("name", "pk")
    )


@dataclass(frozen=True, slots=True)
class SeenByTeam:
    """What a school's or district's people see: that help was called, and what police found."""

    #: (when, line in words, whether police were asked for)
    calls: list[tuple[datetime, str, bool]]
    #: (since when, state in words, outcome in words)
    briefs: list[tuple[datetime, str, str]]


def seen_by_team(tip_id: UUID) -> SeenByTeam:
    """Return the calls and briefs of a tip as its team may see them; no word of either."""
    calls = Call.objects.filter(tip_id=tip_id).order_by("called_at")
    briefs = Brief.objects.filter(tip_id=tip_id).order_by("at")
    return SeenByTeam(
        [
            (at, str(Call.Line(line).label), police)
            for at, line, police in calls.values_list("called_at", "line", "police")
        ],
        [
            (
                at,
                str(Brief.State(state).label),
                str(Brief.Outcome(outcome).label) if outcome else "",
            )
            for at, state, outcome in briefs.values_list("at", "state", "outcome")
        ],
    )


#: Share of crisis calls that end in police or rescue without consent, in percent: under 1 in
#: Connecticut, about 2 nationally (https://www.ctunitedway.org/988-ct, read 2026).
NORM_PERCENT: Final = 2
#: Of fewer tips a share says nothing: one of six is no sixth.
FEWEST_TO_COMPARE: Final = 100
NORM_SOURCE: Final = "https://www.ctunitedway.org/988-ct"
_SPANS: Final = (("30 days", 30), ("90 days", 90), ("12 months", 365))


@dataclass(frozen=True, slots=True)
class PoliceShare:
    """How many of a span's tips led to police, and how that was decided."""

    label: str
    tips: int
    police: int
    seconded: int
    danger_now: int
    #: Calls that were made without either, or without a reason.
    flagged: int = 0

    @property
    def percent(self) -> float:
        """The share in percent; 0 where there was no tip."""
        return 100 * self.police / self.tips if self.tips else 0.0

    @property
    def above_norm(self) -> bool:
        """Whether the share is above what is usual in the field; of few tips nobody can say."""
        return self.tips >= FEWEST_TO_COMPARE and self.percent > NORM_PERCENT


def police_shares(viewer: Viewer, now: datetime) -> list[PoliceShare]:
    """Return the share of tips that led to police, for the viewer's centers, by span.

    Counted are calls by the center that asked for police and briefs handed to police. Tips set
    aside as junk are no tips here.
    """
    centers = [
        post.center_id
        for post in viewer.posts
        if post.kind is TeamKind.CENTER and post.center_id is not None
    ]
    shares = []
    for label, days in _SPANS:
        tips = Tip.objects.filter(
            center_id__in=centers, received_at__gt=now - timedelta(days=days), junk=False
        )
        known = tips.values("pk")
        asked = Call.objects.filter(tip_id__in=known, police=True)
        briefs = Brief.objects.filter(tip_id__in=known)
        every: set[UUID] = set()
        alone: set[UUID] = set()
        seconded: set[UUID] = set()
        for rows in (asked, briefs):
            every |= set(rows.values_list("tip_id", flat=True))
            alone |= set(rows.filter(danger_now=True).values_list("tip_id", flat=True))
            seconded |= set(rows.filter(request__isnull=False).values_list("tip_id", flat=True))
        flagged = set(asked.filter(flagged=True).values_list("tip_id", flat=True))
        shares.append(
            PoliceShare(
                label, tips.count(), len(every), len(seconded - alone), len(alone), len(flagged)
            )
        )
    return shares


def flagged_calls(now: datetime) -> list[Call]:
    """Return the flagged calls of the last 30 days, newest first; call inside ``viewing``."""
    since = now - timedelta(days=30)
    return list(Call.objects.filter(flagged=True, at__gt=since).order_by("-at")[:20])


def requests_waiting() -> list[PoliceRequest]:
    """Return what waits for a second person before police are sent, longest first."""
    return list(
        PoliceRequest.objects.filter(
            Q(state=PoliceRequest.State.OPEN),
            tip_id__in=Tip.objects.exclude(state="closed").values("pk"),
        ).order_by("asked_at")
    )


@dataclass(frozen=True, slots=True)
class RosterStanding:
    """Whether there is a roster to look in, and whom to ask if there is none."""

    imported_at: datetime | None
    students: int
    school: str
    school_contact: str


def roster_standing(tip: Tip) -> RosterStanding:
    """Return what the viewer may know of the rosters around a tip, without anybody in them."""
    rows = list(Roster.objects.filter(district_id=tip.district_id))
    school = School.objects.filter(pk=tip.school_id).first() if tip.school_id else None
    return RosterStanding(
        max((row.imported_at for row in rows), default=None),
        sum(row.students for row in rows),
        school.name if school else "",
        school.emergency_contact if school else "",
    )
