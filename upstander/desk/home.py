"""The desk's first page: each person's own work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from upstander.desk.context import entries, home_of, split
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.plug import Group, at_home, to_do


@require_GET
@requires(Permission.OWN_ACCOUNT)
def home(request: HttpRequest) -> HttpResponse:
    """Go to where this person's work lies: the queue, the team's list, the district."""
    return redirect(home_of(viewer_of(request)))


@require_GET
@requires(Permission.SEE_TODAY)
def today(request: HttpRequest) -> HttpResponse:
    """Show what waits for somebody: the one thing to do next, the rest, and where to begin."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        waiting, figures = to_do(viewer, now), at_home(viewer, now)
    begin = [one for one in entries(viewer) if one.group is not Group.ME and one.path != "/today"]
    shown = {"next": waiting[:1], "then": waiting[1:], "begin": begin, "now": now}
    shown |= {"figures": figures}
    return render(request, "desk/today.html", shown)


@require_GET
@requires(Permission.OWN_ACCOUNT)
def more(request: HttpRequest) -> HttpResponse:
    """List the pages that somebody has and for which the rail has no room; else all of them."""
    items = entries(viewer_of(request))
    return render(request, "desk/more.html", {"items": split(items)[1] or items})


@require_GET
@requires(Permission.OWN_ACCOUNT)
def here(request: HttpRequest) -> HttpResponse:
    """Somebody is at this page and pressed a key: their session counts as used (204)."""
    return HttpResponse(status=204)
