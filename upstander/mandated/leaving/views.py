"""The pages on which two decide that somebody with open reports is shut out."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.mandated.leaving import actions, queries
from upstander.mandated.rights import DutyRight
from upstander.people.access import person_to_keep
from upstander.people.actions.way_in import GOOD_FOR, link_of
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.ui.fields import Words
from upstander.ui.press import refusal_on, refusal_told


class ReasonForm(forms.Form):
    """Why somebody is shut out, and whether somebody else has their account."""

    reason = Words(
        label=gettext_lazy("Why"),
        max_length=actions.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The second person and everyone who sees the reports can read it. Don’t name a child."
        ),
        error_messages={
            "required": gettext_lazy("Say in one line why the account is to be deactivated.")
        },
    )


@require_GET
@requires(DutyRight.SHUT_OUT)
def leaving(request: HttpRequest) -> HttpResponse:
    """List who is to be shut out with open reports, and who was."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        rows = [
            {
                "one": one,
                "mine": one.asked_by == viewer.person_id,
                "open": queries.open_duties(one.person_id, now),
            }
            for one in queries.leavers()
        ]
    return render(request, "mandated/leaving.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@requires(DutyRight.SHUT_OUT)
def leaver(request: HttpRequest, leaver_id: int) -> HttpResponse:
    """Show what somebody would leave open; ask that they are shut out, or say it was taken over."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        person = person_to_keep(viewer, leaver_id)
        duties, held = queries.open_duties(leaver_id, now), queries.is_held(leaver_id)
    if not held or not person.is_active:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        with refusal_on(form):
            if request.POST.get("taken") == "yes":
                return _taken(request, leaver_id, reason)
            actions.ask_shutting(viewer, leaver_id, reason)
            messages.success(request, _("Requested. Nothing happens until a second person agrees."))
            return redirect("mandated:leaving")
    return render(
        request, "mandated/leaver.html", {"person": person, "duties": duties, "form": form}
    )


def _taken(request: HttpRequest, person_id: int, reason: str) -> HttpResponse:
    without = actions.shut_taken(viewer_of(request), person_id, reason)
    messages.success(
        request,
        _(
            "Deactivated, and signed out everywhere. The compliance lead and the monitor are "
            "told, and the owner by every way they can be reached. The leads of their teams "
            "must renew the key."
        ),
    )
    if without:
        messages.warning(
            request, _("These teams have no lead now: %(join)s.") % {"join": ", ".join(without)}
        )
    return redirect("mandated:leaving")


@never_cache
@require_POST
@requires(DutyRight.SHUT_OUT)
def agree(request: HttpRequest, shutting_id: UUID) -> HttpResponse:
    """Agree as the second person; the link to the way in is shown once."""
    with refusal_told(request):
        link = actions.agree_shutting(viewer_of(request), shutting_id)
        messages.success(
            request,
            _(
                "Deactivated, and signed out everywhere. The leads of their teams must renew "
                "the key."
            ),
        )
        if link is not None:
            return _shown(request, link)
    return redirect("mandated:leaving")


@require_POST
@requires(DutyRight.SHUT_OUT)
def refuse(request: HttpRequest, shutting_id: UUID) -> HttpResponse:
    """Refuse, or take one's own question back."""
    with refusal_told(request):
        actions.refuse_shutting(viewer_of(request), shutting_id)
        messages.success(request, _("Ended. No account was deactivated."))
    return redirect("mandated:leaving")


@never_cache
@require_POST
@requires(DutyRight.SHUT_OUT)
def link(request: HttpRequest, shutting_id: UUID) -> HttpResponse:
    """Make a new link to a way in, mail it and show it once."""
    made = actions.new_link(viewer_of(request), shutting_id)
    if made is None:
        messages.info(request, _("They have already signed in, or have no way in."))
        return redirect("mandated:leaving")
    return _shown(request, made)


@require_POST
@requires(DutyRight.OWN_DUTY)
def stand_in(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Answer for the file in place of an owner who was shut out and stays silent."""
    with refusal_told(request):
        actions.stand_in(viewer_of(request), duty_id)
        messages.success(request, _("Saved. This report stays open and is shown as open."))
    return redirect("mandated:duty", duty_id=duty_id)


def _shown(request: HttpRequest, made: actions.Link) -> HttpResponse:
    context = {"made": made, "address": link_of(made.secret), "days": GOOD_FOR.days}
    return render(request, "mandated/way_in_link.html", context)
