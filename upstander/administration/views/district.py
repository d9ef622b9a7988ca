"""The district lead's page of teams: who is ready, and where help would not come at night."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from upstander.people import queries
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing


@require_GET
@requires(Permission.SEE_DISTRICT)
def teams(request: HttpRequest) -> HttpResponse:
    """The school teams of my districts, those with gaps first; and schools without any team."""
    viewer = viewer_of(request)
    with viewing(viewer):
        reports = queries.school_teams(viewer)
        bare = queries.schools_without_team(viewer)
    reports.sort(key=lambda one: (not one.gaps, one.team.name))
    context = {
        "with_gaps": [one for one in reports if one.gaps],
        "ready": [one for one in reports if not one.gaps],
        "bare": bare,
    }
    return render(request, "administration/district_teams.html", context)
