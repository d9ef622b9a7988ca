"""Drills: a lead tests a team with a page that says it is a test, and is answered like any."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.people.models import Team
from upstander.people.scope import Viewer, viewing
from upstander.watch.access import PAGED, drill_for
from upstander.watch.models import Drill, DrillAnswer, DrillRule

#: How long a drill runs, in minutes: what is not answered by then is not answered.
MINUTES = 15
#: How often a team is to be tested, in days, where its lead has chosen nothing else.
EVERY_DAYS = 30
#: What a lead may choose.
CHOICES = (7, 14, 30, 60, 90)


def begin_drill(viewer: Viewer, team_id: int) -> Drill:
    """Begin a drill of a team that one leads: one durable transaction. The worker then pages.

    Raises Http404 for a team that is not one's own to lead, Refused while one runs already.
    """
    if team_id not in viewer.leads:
        raise Http404
    try:
        with viewing(viewer) as now:
            team = _team(team_id)
            drill = Drill.objects.create(
                team_id=team_id,
                begun_by=viewer.person_id,
                begun_at=now,
                ends_at=now + timedelta(minutes=MINUTES),
            )
            _record("drill begun", viewer, team)
    except IntegrityError as error:
        raise Refused(_("A drill for this team is already running.")) from error
    return drill


def set_rhythm(viewer: Viewer, team_id: int, every_days: int) -> None:
    """Say how often a team that one leads is to be tested. Raises Http404, Refused."""
    if team_id not in viewer.leads:
        raise Http404
    if every_days not in CHOICES:
        raise Refused(_("Choose one of the options."))
    with viewing(viewer):
        team = _team(team_id)
        changed = DrillRule.objects.filter(team_id=team_id).update(every_days=every_days)
        if not changed:
            DrillRule.objects.create(team_id=team_id, every_days=every_days)
        _record("drill rhythm set", viewer, team, every_days=every_days)


def _team(team_id: int) -> Team:
    """Return a team that is paged, and so can be tested. Raises Http404."""
    team = Team.objects.filter(pk=team_id, kind__in=PAGED).first()
    if team is None:
        raise Http404
    return team


def answer_drill(viewer: Viewer, drill_id: UUID) -> bool:
    """Answer a drill on the desk, for oneself; False if one had answered already.

    Raises Http404 for a drill that one may not see, Refused when it is over or another team's.
    """
    with viewing(viewer) as now:
        drill = drill_for(viewer, drill_id)
        if drill.state == Drill.State.ENDED:
            raise Refused(_("This drill has ended."))
        if drill.team_id not in {membership.team_id for membership in viewer.memberships}:
            raise Refused(_("You can’t answer: this is another team’s drill."))
        before = DrillAnswer.objects.filter(drill_id=drill_id, person_id=viewer.person_id)
        if before.exists():
            return False
        DrillAnswer.objects.create(
            drill_id=drill_id,
            person_id=viewer.person_id,
            channel="desk",
            answer="have_it",
            at=now,
        )
    return True


def due_at(last_begun: datetime | None, every_days: int) -> datetime | None:
    """Return when a team's next drill is due; None: at once, it never had one. Pure."""
    return None if last_begun is None else last_begun + timedelta(days=every_days)


def overdue(last_begun: datetime | None, every_days: int, now: datetime) -> bool:
    """Tell whether a team's next drill is past its time. Pure."""
    due = due_at(last_begun, every_days)
    return due is None or due < now


def middle(seconds: Iterable[int]) -> int | None:
    """Return the median of whole seconds (the lower of two), None of none. Pure."""
    ordered = sorted(seconds)
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def _record(action: str, viewer: Viewer, team: Team, **detail: object) -> None:
    record(
        action,
        actor=viewer,
        subject_kind="team",
        subject_id=team.pk,
        district_id=team.district_id,
        detail=detail,
    )
