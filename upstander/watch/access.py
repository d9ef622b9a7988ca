"""The only road to a drill: call inside ``viewing``."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from upstander.places.scope import Viewer
from upstander.watch.models import Drill
from upstander.watch.queries import teams_of


def drill_for(viewer: Viewer, drill_id: UUID) -> Drill:
    """Return a drill of a team that concerns the viewer. Raises Http404."""
    found = Drill.objects.select_related("team").filter(pk=drill_id, team_id__in=teams_of(viewer))
    drill = found.first()
    if drill is None:
        raise Http404
    return drill
