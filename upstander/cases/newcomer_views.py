"""The page on which a team looks at who joined it, and what they shall see of before."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.cases.actions.newcomers import compare, joined, keep_out, let_in
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.ui.press import number, refusal_told


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_CASES)
def who_joined(request: HttpRequest) -> HttpResponseBase:
    """Show who joined and waits; compare, let in or keep out."""
    viewer = viewer_of(request)
    if request.method != "POST":
        return render(request, "cases/joined.html", {"joined": joined(viewer)})
    person, do = number(request, "person"), request.POST.get("do", "")
    if person is None:
        raise Http404
    with refusal_told(request):
        if do == "compare":
            count = compare(viewer, person)
            messages.success(
                request,
                gettext(
                    "They see %(count)s now. The rest may be about them, or you can’t open all of "
                    "it."
                )
                % {"count": count},
            )
        elif do in ("in", "out"):
            try:
                matter = UUID(request.POST.get("matter", ""))
            except ValueError:
                raise Http404 from None
            if do == "in":
                let_in(viewer, person, matter, request.POST.get("why", ""))
                messages.success(request, gettext("They can see it now."))
            else:
                keep_out(viewer, person, matter)
                messages.success(request, gettext("They will see and hear nothing of this matter."))
        else:
            raise Http404
    return redirect("cases:joined")
