"""Reads of the emergency pages. Call them inside ``viewing`` unless told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_lazy

from upstander.approvals.queries import STANDS
from upstander.emergency.models import (
    AGREEMENT_STANDS,
    Brief,
    Call,
    PoliceRequest,
    Roster,
    RosterOpening,
    Sheet,
)
from upstander.escalations.models import Cause, Page, Task
from upstander.people.models import Team
from upstander.people.reading import has_opened
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import School
from upstander.tips.models import Tip


@dataclass(frozen=True, slots=True)
class HelpSent:
    """The rows of a tip's emergency, as read inside ``viewing``; oldest first."""

    sheets: list[Sheet]
    #: Those that were made; and those that were recorded by mistake, each with its ``correction``.
    calls: list[Call]
    not_made: list[Call]
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
    #: Who was told of the one that waits, and for whom phones rang since.
    told: Sequence[int] = ()
    rung: Sequence[int] = ()

    @property
    def called_911(self) -> bool:
        """Whether anybody who sends help was called."""
        return any(call.line != Call.Line.OTHER for call in self.calls)

    @property
    def people(self) -> set[int | None]:
        """Everybody whose name is shown."""
        found: set[int | None] = {sheet.person_id for sheet in self.sheets}
        found |= {*self.told, *self.rung}
        found |= {call.person_id for call in (*self.calls, *self.not_made)}
        found |= {call.correction.person_id for call in self.not_made}
        found |= {row.person_id for row in self.openings}
        for request in self.requests:
            found |= {request.asked_by, request.decided_by}
        for brief in self.briefs:
            found |= {brief.by, brief.acknowledged_by, brief.outcome_by}
        return found


def standing_of(tip: Tip, now: datetime) -> HelpSent:
    """Return what was done for a tip so far, for the center."""
    requests = list(PoliceRequest.objects.filter(tip_id=tip.pk).order_by("asked_at", "pk"))
    agreed = any(one.agreed for one in requests)
    waiting = next((r for r in requests if not r.outcome), None)
    told, rung = _asked_second(tip.pk) if waiting else ([], [])
    written = Call.objects.filter(tip_id=tip.pk).select_related("correction")
    calls: tuple[list[Call], list[Call]] = ([], [])
    for call in written.order_by("called_at", "at", "pk"):
        calls[hasattr(call, "correction")].append(call)
    return HelpSent(
        sheets=list(Sheet.objects.filter(tip_id=tip.pk).order_by("number")),
        calls=calls[0],
        not_made=calls[1],
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
        agreed=standing_agreement(tip.pk, now) if agreed else None,
        waiting=waiting,
        told=told,
        rung=rung,
    )


def standing_agreement(tip_id: UUID, now: datetime) -> PoliceRequest | None:
    """Return the agreement to send police that stands now, if any; call inside ``viewing``."""
    return (
        PoliceRequest.objects.filter(
            STANDS, tip_id=tip_id, outcome="approved", decided_at__gte=now - AGREEMENT_STANDS
        )
        .order_by("-decided_at")
        .first()
    )


def _asked_second(tip_id: UUID) -> tuple[list[int], list[int]]:
    """Return who was told that a second person is asked, and for whom phones rang since."""
    task = Task.objects.filter(
        subject_id=tip_id, kind=Task.Kind.SECOND_POLICE, state=Task.State.OPEN
    ).first()
    if task is None:
        return [], []
    pages = Page.objects.filter(
        cause=Cause.TASK,
        state=Page.State.SENT,
        alert_id__in=task.steps.values("alert_id"),
        step_number__in=task.steps.values("number"),
    )
    rung = pages.order_by("person_id").values_list("person_id", flat=True).distinct()
    return [int(person) for person in task.detail.get("told", [])], list(rung)


def police_teams(district_id: int) -> list[Team]:
    """Return the police teams of a district that have somebody in them."""
    return list(
        Team.objects.filter(
            kind=TeamKind.POLICE, district_id=district_id, memberships__person__is_active=True
        )
        .distinct()
        .order_by("name", "pk")
    )


def asked_for(police: bool | None) -> str:
    """Say what was asked for in a call: what nobody wrote down is neither police nor medical."""
    if police is None:
        return gettext("what was asked for is not recorded")
    return gettext("police requested") if police else gettext("medical help only")


@dataclass(frozen=True, slots=True)
class SeenByTeam:
    """What a school's or district's people see: that help was called, and what police found."""

    #: (when, line in words, what was asked for in words)
    calls: list[tuple[datetime, str, str]]
    #: The same of calls that were recorded by mistake.
    not_made: list[tuple[datetime, str, str]]
    #: (since when, state in words, outcome in words)
    briefs: list[tuple[datetime, str, str]]
    #: Whether one of the calls was to somebody who sends help.
    called_911: bool


def seen_by_team(tip_id: UUID) -> SeenByTeam:
    """Return the calls and briefs of a tip as its team may see them; no word of either."""
    calls = Call.objects.filter(tip_id=tip_id).order_by("called_at")
    briefs = Brief.objects.filter(tip_id=tip_id).order_by("at")
    seen: tuple[list[tuple[datetime, str, str]], list[tuple[datetime, str, str]]] = ([], [])
    called_911 = False
    for at, line, police, taken_back in calls.values_list(
        "called_at", "line", "police", "correction__id"
    ):
        words = at, str(Call.Line(line).label), asked_for(police)
        mistaken = taken_back is not None
        seen[mistaken].append(words)
        called_911 |= not mistaken and line != Call.Line.OTHER
    return SeenByTeam(
        *seen,
        [
            (
                at,
                str(Brief.State(state).label),
                str(Brief.Outcome(outcome).label) if outcome else "",
            )
            for at, state, outcome in briefs.values_list("at", "state", "outcome")
        ],
        called_911,
    )


#: Share of crisis calls that end in police or rescue without consent, in percent: under 2 in the
#: whole country (SAMHSA on 988).
NORM_PERCENT: Final = 2
#: Of fewer tips a share says nothing: one of six is no sixth.
FEWEST_TO_COMPARE: Final = 100
NORM_SOURCE: Final = "https://www.samhsa.gov/mental-health/988/faqs"
_SPANS: Final = (
    (gettext_lazy("30 days"), 30),
    (gettext_lazy("90 days"), 90),
    (gettext_lazy("12 months"), 365),
)


@dataclass(frozen=True, slots=True)
class PoliceShare:
    """How many of a span's tips led to police, and how that was decided."""

    label: str
    tips: int
    police: int
    seconded: int
    danger_now: int
    #: Calls that somebody should look at (``flags.py``), whatever was asked for.
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

    Counted are calls by the center that asked for police, but those that were recorded by mistake,
    and briefs handed to police. Tips set
    aside as junk are no tips here.
    """
    centers = [
        membership.center_id
        for membership in viewer.memberships
        if membership.kind is TeamKind.CENTER and membership.center_id is not None
    ]
    shares = []
    for label, days in _SPANS:
        tips = Tip.objects.filter(
            center_id__in=centers, received_at__gt=now - timedelta(days=days), junk=False
        )
        known = tips.values("pk")
        asked = Call.objects.filter(tip_id__in=known, police=True, correction__isnull=True)
        briefs = Brief.objects.filter(tip_id__in=known)
        every: set[UUID] = set()
        alone: set[UUID] = set()
        seconded: set[UUID] = set()
        for rows in (asked, briefs):
            every |= set(rows.values_list("tip_id", flat=True))
            alone |= set(rows.filter(danger_now=True).values_list("tip_id", flat=True))
            seconded |= set(rows.filter(request__isnull=False).values_list("tip_id", flat=True))
        flagged = Call.objects.filter(flagged=True, at__gt=now - timedelta(days=days)).count()
        shares.append(
            PoliceShare(
                str(label),
                tips.count(),
                len(every),
                len(seconded - alone),
                len(alone),
                flagged,
            )
        )
    return shares


def flagged_calls(now: datetime) -> list[Call]:
    """Return the flagged calls of the last 30 days, newest first; call inside ``viewing``.

    With those of which somebody wrote down that they were never made.
    """
    since = now - timedelta(days=30)
    looked_at = Q(flagged=True) | Q(correction__isnull=False)
    found = Call.objects.filter(looked_at, at__gt=since).select_related("correction")
    return list(found.order_by("-at")[:20])


def requests_waiting() -> list[PoliceRequest]:
    """Return what waits for a second person before police are sent, longest first."""
    return list(
        PoliceRequest.objects.filter(
            outcome="",
            tip_id__in=Tip.objects.exclude(state="closed").values("pk"),
        ).order_by("asked_at")
    )


def asks_of(viewer: Viewer) -> list[Tip]:
    """Return the tips for which somebody else asks whether police may be sent, longest first."""
    waiting = [one.tip_id for one in requests_waiting() if one.asked_by != viewer.person_id]
    tips = Tip.objects.in_bulk(waiting)
    return [tips[tip] for tip in waiting if tip in tips]


#: For so long it is shown what a second person said; whoever asked reads it sooner.
SAID_FOR: Final = timedelta(hours=2)


def just_decided(now: datetime) -> QuerySet[PoliceRequest]:
    """Return what a second person said of late before police, oldest first; nothing taken back."""
    late = PoliceRequest.objects.filter(decided_at__gt=now - SAID_FOR)
    return late.exclude(outcome="withdrawn").order_by("decided_at")


def told_to(viewer: Viewer, now: datetime) -> list[PoliceRequest]:
    """Return what the viewer asked for and somebody decided, until they have opened its tip."""
    own = just_decided(now).filter(asked_by=viewer.person_id)
    # Times are whole seconds: who opened it in the second of the answer may have been before it.
    since = {one: (one.decided_at or now) + timedelta(seconds=1) for one in own}
    return [one for one, at in since.items() if not has_opened("tip", one.tip, at)]


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
