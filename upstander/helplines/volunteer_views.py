"""The supervisor's page of a center's volunteers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from upstander.base.refused import Refused
from upstander.helplines.actions import volunteers as actions
from upstander.helplines.rights import AdvocateRight
from upstander.people.permissions import requires, viewer_of
from upstander.ui.press import refusal_told


@require_GET
@requires(AdvocateRight.KEEP_VOLUNTEERS)
def volunteers(request: HttpRequest) -> HttpResponse:
    """Show who of the center is a volunteer, and who may take contacts."""
    people = actions.list_people(viewer_of(request))
    return render(request, "helplines/volunteers.html", {"people": people})


@require_POST
@requires(AdvocateRight.KEEP_VOLUNTEERS)
def change(request: HttpRequest, volunteer_id: int) -> HttpResponse:
    """Say one thing of somebody: that they are a volunteer, may take contacts, or neither."""
    viewer, what = viewer_of(request), request.POST.get("do", "")
    if volunteer_id not in {one.person.pk for one in actions.list_people(viewer)}:
        raise Http404
    with refusal_told(request):
        if what == "mark":
            actions.mark(viewer, volunteer_id)
        elif what in ("may", "may_not"):
            actions.let_take(viewer, volunteer_id, may=what == "may")
        elif what == "end":
            actions.end(viewer, volunteer_id)
        else:
            raise Refused(gettext("Nothing was changed: choose again."))
        messages.success(request, gettext("Saved."))
    return redirect("helplines:volunteers")
