"""Lists of cases: one's own, one's team's, those that were shared, and what is due.

Each list is read with the same few queries, however many cases there are, and shows nothing that
is sealed: no case is opened to be listed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from upstander.cases.actions.opening import memberships_of
from upstander.cases.actions.support import ACTIONS, ActionKind
from upstander.cases.models import Case, CaseAction, CaseTip
from upstander.matters.models import FolderGrant
from upstander.people.scope import Viewer
from upstander.places.models import School
from upstander.tips.queries import names_of

#: A page of a list.
MOST: Final = 50


class Place(NamedTuple):
    """Where a page of a list ends: the next one begins below it."""

    changed_at: datetime
    id: UUID

    def __str__(self) -> str:
        return f"{self.changed_at.isoformat()}~{self.id}"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as a list shows it; times are UTC."""

    case: Case
    school: str
    lead: str
    #: The next thing that somebody has to do about it, if any.
    next_due: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class DueRow:
    """Something that the viewer has to do; times are UTC."""

    action: CaseAction
    case: Case
    kind: ActionKind
    school: str
    late: bool


def place_of(text: str) -> Place | None:
    """Return the place that a link named; None for one that is no place."""
    moment, _, row = text.partition("~")
    try:
        found = Place(datetime.fromisoformat(moment), UUID(row))
    except ValueError:
        return None
    return found if found.changed_at.tzinfo else None


def cases_of(
    viewer: Viewer, which: str, now: datetime, after: Place | None = None
) -> tuple[list[CaseRow], Place | None]:
    """Return a page of a list, last changed first, and where the next one begins.

    ``which``: "mine" (led by the viewer), "team", "shared" or "closed". Call inside ``viewing``.
    """
    found: list[Case] = []
    below = Q()
    if after is not None:
        below = Q(changed_at__lte=after.changed_at) & ~Q(
            changed_at=after.changed_at, pk__lte=after.id
        )
    for query in _lists(viewer, which):
        found += query.filter(below).order_by("-changed_at", "pk")[: MOST + 1]
    found.sort(key=lambda case: (-case.changed_at.timestamp(), case.pk))
    last = found[MOST - 1] if len(found) > MOST else None
    return rows_of(found[:MOST], now), Place(last.changed_at, last.pk) if last else None


def _lists(viewer: Viewer, which: str) -> list[QuerySet[Case]]:
    """Return what a list is of: one query a team, so that each is read along its own index."""
    teams = [membership.team_id for membership in memberships_of(viewer)]
    if which == "mine":
        return [Case.objects.filter(owner_id=viewer.person_id).exclude(state=Case.State.CLOSED)]
    if which == "shared":
        own = FolderGrant.objects.filter(holder__startswith="own:").values("folder_id")
        return [Case.objects.filter(pk__in=own).exclude(team_id__in=teams)]
    of_teams = [Case.objects.filter(team_id=team) for team in dict.fromkeys(teams)]
    if which == "closed":
        return [query.filter(state=Case.State.CLOSED) for query in of_teams]
    return [query.exclude(state=Case.State.CLOSED) for query in of_teams]


def rows_of(cases: Sequence[Case], now: datetime) -> list[CaseRow]:
    """Return cases as lists show them: three queries for all. Call inside ``viewing``."""
    ids = [case.pk for case in cases]
    due: dict[UUID, datetime] = {}
    waiting = CaseAction.objects.filter(case_id__in=ids, ended_at__isnull=True)
    for case_id, at in waiting.values_list("case_id", "due_at"):
        due[case_id] = min(due.get(case_id, at), at)
    schools = _schools(cases)
    names = names_of({case.owner_id for case in cases})
    return [
        CaseRow(
            case,
            schools.get(case.school_id or 0, ""),
            names.get(case.owner_id, gettext("Someone who is no longer here")),
            due.get(case.pk),
            case.pk in due and due[case.pk] <= now,
        )
        for case in cases
    ]


def cases_of_tip(tip_id: UUID) -> list[Case]:
    """Return the cases that a tip is in and the viewer sees; call inside ``viewing``."""
    ids = CaseTip.objects.filter(tip_id=tip_id).values("case_id")
    return list(Case.objects.filter(pk__in=ids).order_by("opened_at", "pk"))


def due_of(viewer: Viewer, now: datetime) -> list[DueRow]:
    """Return what the viewer has to do in cases, the soonest first; call inside ``viewing``."""
    actions = list(
        CaseAction.objects.filter(owner_id=viewer.person_id, ended_at__isnull=True)
        .select_related("case")
        .order_by("due_at", "pk")[:MOST]
    )
    schools = _schools([action.case for action in actions])
    return [
        DueRow(
            action,
            action.case,
            ACTIONS.get(action.kind, ACTIONS["other"]),
            schools.get(action.case.school_id or 0, ""),
            action.due_at <= now,
        )
        for action in actions
    ]


def _schools(cases: Sequence[Case]) -> dict[int, str]:
    wanted = {case.school_id for case in cases if case.school_id}
    return dict(School.objects.filter(pk__in=wanted).values_list("pk", "name"))
