"""The second person's page for exclusions that would leave nobody of a team."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upstander.mandated.actions.wide import decide_wide, waiting_exclusions
from upstander.mandated.rights import DutyRight
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.ui.press import refusal_told


@require_http_methods(["GET", "POST"])
@requires(DutyRight.DECIDE_EXCLUSIONS)
def wide_exclusions(request: HttpRequest) -> HttpResponse:
    """Show who would keep whom out of a tip, and take the second person's word."""
    viewer = viewer_of(request)
    if request.method == "POST":
        try:
            exclusion_id = UUID(request.POST.get("exclusion", ""))
        except ValueError as error:
            raise Http404 from error
        agree = request.POST.get("agree") == "yes"
        with refusal_told(request):
            decide_wide(viewer, exclusion_id, agree=agree)
            messages.success(
                request,
                _("Saved: from now on they see neither the tip nor anything about it.")
                if agree
                else _("Saved: it applies only to the report, and they keep working on the tip."),
            )
        return redirect("mandated:exclusions")
    with viewing(viewer) as now:
        rows = waiting_exclusions(viewer)
    return render(request, "mandated/exclusions.html", {"rows": rows, "now": now})
