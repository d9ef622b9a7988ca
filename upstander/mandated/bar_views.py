"""The second person's page for bars that would leave nobody of a team."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from upstander.mandated.rights import DutyRight
from upstander.mandated.wide import decide_wide, waiting_bars
from upstander.places.permissions import requires, viewer_of
from upstander.places.scope import viewing
from upstander.ui.press import refusal_told


@require_http_methods(["GET", "POST"])
@requires(DutyRight.DECIDE_BARS)
def wide_bars(request: HttpRequest) -> HttpResponse:
    """Show who would keep whom out of a tip, and take the second person's word."""
    viewer = viewer_of(request)
    if request.method == "POST":
        try:
            bar_id = UUID(request.POST.get("bar", ""))
        except ValueError as error:
            raise Http404 from error
        agree = request.POST.get("agree") == "yes"
        with refusal_told(request):
            decide_wide(viewer, bar_id, agree=agree)
            messages.success(
                request,
                "Kept: from now on they see neither the tip nor anything of it."
                if agree
                else "Kept: it holds for the report alone, and they go on with the tip.",
            )
        return redirect("mandated:bars")
    with viewing(viewer) as now:
        rows = waiting_bars(viewer)
    return render(request, "mandated/bars.html", {"rows": rows, "now": now})
