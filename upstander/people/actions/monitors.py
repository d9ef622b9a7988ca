"""A district's outside monitor: added, and when their view ends."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.http import Http404

from upstander.audit.actions import record
from upstander.people.access import administrators_only, found
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.people.statements import state
from upstander.places.models import District


def add_monitor_team(viewer: Viewer, district_id: int, name: str) -> Team:
    """Add an outside monitor to a district; they are invited and make a key of their own.

    Raises Http404.
    """
    with viewing(viewer):
        administrators_only(viewer)
        district = found(District, district_id)
        team = Team.objects.create(kind=TeamKind.MONITOR, name=name, district=district)
        state(team)
        record(
            "outside monitor added",
            actor=viewer,
            subject_kind="team",
            subject_id=team.pk,
            district_id=district.pk,
        )
    return team


def end_monitor(viewer: Viewer, team_id: int, person_id: int, until: datetime) -> None:
    """Say when a monitor's view ends (UTC): now, or within a year at most. Raises Http404."""
    with viewing(viewer):
        administrators_only(viewer)
        team = found(Team, team_id)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.end_monitor(p_team => %s, p_person => %s, p_until => %s)",
                [team_id, person_id, until],
            )
            row = cursor.fetchone()
        if not (row and row[0]):
            raise Http404
        record(
            "monitor's end set",
            actor=viewer,
            subject_kind="team",
            subject_id=team_id,
            district_id=team.district_id,
            detail={"person": person_id, "until": until.isoformat()},
        )
