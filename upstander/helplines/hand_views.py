"""The page on which something is handed over, and the way to it from a tip."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.helplines.actions import handing_over as actions
from upstander.helplines.rights import AdvocateRight
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.tips.page import TipPage
from upstander.ui.press import refusal_told


def panel(page: TipPage) -> dict[str, object]:
    """Return what of a tip's page is handed over: the tip."""
    return {"id": page.tip_id}


@require_http_methods(["GET", "POST"])
@requires(AdvocateRight.WORK)
def handover(request: HttpRequest, handed_id: UUID) -> HttpResponse:
    """Ask the backup or the supervisor to take something over; or say that one has it."""
    viewer = viewer_of(request)
    with viewing(viewer):
        one = actions.handed(handed_id)
        shown = {"one": one, "own": actions.is_own(viewer, one)}
    if request.method == "GET":
        return render(request, "helplines/handover.html", shown)
    what, path = request.POST.get("do", ""), f"/handovers/{handed_id}"
    with refusal_told(request):
        if what == "have":
            path = actions.have_it(viewer, handed_id)
            messages.success(request, gettext("You have it."))
        elif what == "keep":
            path = actions.keep_it(viewer, handed_id)
        else:
            name = actions.ask(viewer, handed_id, supervisor=what == "supervisor")
            told = gettext("%(name)s is rung. It stays yours until somebody says “I have it”.")
            messages.success(request, told % {"name": name})
    return redirect(path)
