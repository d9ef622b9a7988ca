"""The only road to a drill, and which teams' drills concern whom: call inside ``viewing``."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from upstander.places.models import Team
from upstander.places.permissions import Permission, may
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer
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
    own = {post.team_id for post in viewer.posts if post.kind in PAGED}
    if may(viewer, Permission.SEE_DISTRICT):
        places = [
            post.district_id
            for post in viewer.posts
            if post.kind is TeamKind.DISTRICT and post.district_id is not None
        ]
        teams = Team.objects.filter(kind__in=PAGED, district_id__in=places)
        own |= set(teams.values_list("pk", flat=True))
    if may(viewer, Permission.SUPERVISE):
        centers = [post.center_id for post in viewer.posts if post.center_id]
        served = Team.objects.filter(kind__in=PAGED, district__center_id__in=centers)
        own |= set(served.values_list("pk", flat=True))
    return sorted(own)
