"""The only road to a drill, and which teams' drills concern whom: call inside ``viewing``."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from upstander.people.models import Team
from upstander.people.permissions import Permission, may
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.watch.models import Drill

#: Kinds of team that are paged, and so are tested.
PAGED = (TeamKind.CENTER, TeamKind.SCHOOL, TeamKind.DISTRICT, TeamKind.ADMINISTRATION)


def drill_for(viewer: Viewer, drill_id: UUID) -> Drill:
    """Return a drill of a team that concerns the viewer. Raises Http404."""
    found = Drill.objects.select_related("team").filter(pk=drill_id, team_id__in=teams_of(viewer))
    drill = found.first()
    if drill is None:
        raise Http404
    return drill


def teams_of(viewer: Viewer) -> list[int]:
    """Return the teams whose drills concern the viewer: their own, and those they answer for."""
    own = {membership.team_id for membership in viewer.memberships if membership.kind in PAGED}
    if may(viewer, Permission.SEE_DISTRICT):
        places = [
            membership.district_id
            for membership in viewer.memberships
            if membership.kind is TeamKind.DISTRICT and membership.district_id is not None
        ]
        teams = Team.objects.filter(kind__in=PAGED, district_id__in=places)
        own |= set(teams.values_list("pk", flat=True))
    if may(viewer, Permission.SUPERVISE):
        centers = [
            membership.center_id for membership in viewer.memberships if membership.center_id
        ]
        served = Team.objects.filter(kind__in=PAGED, district__center_id__in=centers)
        own |= set(served.values_list("pk", flat=True))
    return sorted(own)
