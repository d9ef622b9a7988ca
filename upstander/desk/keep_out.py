"""The form beside the dialog that says by name who must not see a matter."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.desk.tip_page import open_form, show
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.not_see import dismiss_not_see, is_unsettled, settle_meant
from upstander.triage import staff
from upstander.triage.actions.handoff import exclude_people
from upstander.triage.forms import DismissForm, ExcludeForm
from upstander.triage.whom import ask_whom
from upstander.ui.press import asking, refusal_on


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def keep_out(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Say by name who must not see a matter."""
    viewer = viewer_of(request)
    opened = open_form(request, tip_id, "hand off")
    with viewing(viewer):
        tip = tip_for(viewer, tip_id)
        groups = staff.people_to_keep_out(tip, leave_out=viewer.person_id)
        unsettled = is_unsettled(tip)
    did = request.POST.get("did", "exclusion") if request.method == "POST" else ""
    # What was said since the page was made was not read by whoever presses.
    turn = request.POST.get("said", "")
    said = int(turn) if turn.isdecimal() and len(turn) < 9 else None
    form = ExcludeForm(
        request.POST if did == "exclusion" else None, people=groups, unsettled=unsettled
    )
    dismiss = DismissForm(request.POST if did == "dismiss" else None)
    # Two presses settle it: the second one is of somebody who has read whom they let see it.
    sure = about = ""
    if did == "dismiss" and dismiss.is_valid():
        sure = did
        if "sure" in request.POST:
            ask_whom(request, viewer, tip_id, "dismiss")
            with refusal_on(dismiss):
                dismiss_not_see(opened, dismiss.cleaned_data["reason"], said=said)
                messages.success(
                    request,
                    gettext("Saved, with your name and your reason. You can hand it off now."),
                )
                return redirect("tip", tip_id=tip_id)
    elif did == "exclusion" and form.is_valid():
        people = [int(person) for person in form.cleaned_data["people"]]
        is_meant = form.cleaned_data.get("is_meant") == "yes"
        asked = " ".join(map(str, people))
        with refusal_on(form):
            if is_meant and request.POST.get("sure") == asked:
                settle_meant(opened, people, said=said)
                messages.success(
                    request,
                    gettext("Settled: they are kept out, and you can hand it off to others."),
                )
                return redirect("tip", tip_id=tip_id)
            # The exclusion waits for no second press, and settles nothing.
            exclude_people(opened, people)
            if is_meant:
                sure, about = did, asked
            else:
                messages.success(request, gettext("They are kept out from now on, everywhere."))
                return redirect("tip_keep_out" if unsettled else "tip", tip_id=tip_id)
    more = {"form": form, "dismiss": dismiss, "sure": sure, "about": about}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or dismiss.errors else HTTPStatus.OK
    return show(request, opened, mode="keep_out", more=more, status=status)
