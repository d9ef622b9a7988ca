"""The only ways to fetch a plan's rows. Call inside ``viewing``; who may not see one gets 404.

The database's policies decide; what stands here turns "no row" into 404, and "may see but not
change" too, so that a page is never offered whose form would be refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection
from django.db.models import Q
from django.http import Http404

from upstander.oncall.models import Layer, Override, Schedule, Swap
from upstander.people.access import team_to_keep
from upstander.people.models import Team
from upstander.people.permissions import Permission, may
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import Center, District

#: Teams that are called. Administrators are not, and police have their own ways.
CALLED = (TeamKind.CENTER, TeamKind.DISTRICT, TeamKind.SCHOOL)


def teams_to_see() -> list[Team]:
    """Return the teams whose plan the viewer sees: their own, their districts', their center's."""
    return list(
        Team.objects.filter(pk__in=_ids("oncall_teams"), kind__in=CALLED).order_by("kind", "name")
    )


def team_to_see(team_id: int) -> Team:
    """Return one of them. Raises Http404."""
    found = Team.objects.filter(pk=team_id, kind__in=CALLED).first()
    if found is None or team_id not in _ids("oncall_teams"):
        raise Http404
    return found


def team_to_plan(viewer: Viewer, team_id: int) -> Team:
    """Return a team whose plan the viewer sets up. Raises Http404."""
    team = team_to_keep(viewer, team_id)
    if team.kind not in CALLED:
        raise Http404
    return team


def plans_for(viewer: Viewer, team_id: int) -> bool:
    """Tell whether the viewer sets up this team's plan."""
    return team_id in viewer.leads or may(viewer, Permission.KEEP_PLACES)


def own_team(viewer: Viewer, team_id: int) -> Team:
    """Return a team that the viewer belongs to. Raises Http404."""
    if team_id not in {membership.team_id for membership in viewer.memberships}:
        raise Http404
    return team_to_see(team_id)


def schedule_of(team_id: int) -> Schedule:
    """Return a team's schedule. Raises Http404 where it has none, or one without a rule."""
    found = Schedule.objects.filter(team_id=team_id, layers__isnull=False).first()
    if found is None:
        raise Http404
    return found


def locked_schedule(team_id: int) -> Schedule:
    """Return it locked: changes of one plan come one after the other. Raises Http404."""
    found = Schedule.objects.select_for_update().filter(team_id=team_id).first()
    if found is None:
        raise Http404
    return found


def layer_of(team_id: int, layer_id: int) -> Layer:
    """Return a layer of a team's schedule. Raises Http404."""
    found = Layer.objects.filter(pk=layer_id, schedule__team_id=team_id).first()
    if found is None:
        raise Http404
    return found


def override_of(team_id: int, override_id: int) -> Override:
    """Return an override of a team's schedule. Raises Http404."""
    found = Override.objects.filter(pk=override_id, schedule__team_id=team_id).first()
    if found is None:
        raise Http404
    return found


def swap_to_answer(viewer: Viewer, swap_id: UUID) -> Swap:
    """Return a swap that the viewer asked for or is asked for. Raises Http404."""
    found = Swap.objects.filter(
        Q(asker_id=viewer.person_id) | Q(taker_id=viewer.person_id), pk=swap_id
    ).first()
    if found is None:
        raise Http404
    return found


def district_to_keep(district_id: int) -> District:
    """Return a district whose calendar and hours the viewer keeps. Raises Http404."""
    found = District.objects.filter(pk=district_id).first()
    if found is None or district_id not in _ids("oncall_districts"):
        raise Http404
    return found


def center_to_keep(center_id: int) -> Center:
    """Return a center whose calendar and floor the viewer keeps. Raises Http404."""
    found = Center.objects.filter(pk=center_id).first()
    if found is None or center_id not in _ids("oncall_centers"):
        raise Http404
    return found


def kept_places() -> tuple[list[District], list[Center]]:
    """Return the districts and centers that the viewer keeps."""
    return (
        list(District.objects.filter(pk__in=_ids("oncall_districts")).order_by("name")),
        list(Center.objects.filter(pk__in=_ids("oncall_centers")).order_by("name")),
    )


def _ids(function: str) -> Sequence[int]:
    """Ask one of the database's functions that say what the session's person may."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT api.{function}()")  # names of our own
        row = cursor.fetchone()
    return row[0] if row else ()
