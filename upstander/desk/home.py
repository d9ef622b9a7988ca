"""The desk's first page: each person's own work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from upstander.desk.context import home_of
from upstander.places.permissions import Permission, requires, viewer_of


@require_GET
@requires(Permission.OWN_ACCOUNT)
def home(request: HttpRequest) -> HttpResponse:
    """Go to where this person's work lies: the queue, the team's list, the district."""
    return redirect(home_of(viewer_of(request)))


@require_GET
@requires(Permission.OWN_ACCOUNT)
def here(request: HttpRequest) -> HttpResponse:
    """Somebody is at this page and pressed a key: their session counts as used (204)."""
    return HttpResponse(status=204)
