"""Overrides: somebody on or off call for a time."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from upstander.oncall.access import schedule_of, team_to_plan
from upstander.oncall.actions.plans import add_override, remove_override
from upstander.oncall.forms import OverrideForm
from upstander.oncall.queries import plans
from upstander.oncall.reach import names_of
from upstander.oncall.rights import PlanRight
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.ui.press import refusal_on


@require_http_methods(["GET", "POST"])
@requires(PlanRight.PLAN_ON_CALL)
def override(request: HttpRequest, team_id: int) -> HttpResponse:
    """Put somebody on call for a time, instead of somebody or in addition."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        team = team_to_plan(viewer, team_id)
        schedule_of(team_id)
        plan = plans([team_id], now, now + timedelta(seconds=1))[0]
        people = names_of(plan.members)
    begins = now.astimezone(plan.zone).replace(minute=0)
    form = OverrideForm(
        people,
        plan.zone,
        request.POST if request.method == "POST" else None,
        initial={
            "starts": request.GET.get("from") or begins,
            "ends": request.GET.get("to") or begins + timedelta(days=1),
        },
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with refusal_on(form):
            add_override(
                viewer,
                team_id,
                duty=told["duty"],
                on=told["on"],
                off=told["off"],
                start=told["starts"],
                end=told["ends"],
            )
            messages.success(request, _("Saved."))
            return redirect("oncall:plan", team_id=team_id)
    context = {
        "form": form,
        "team": team,
        "title": _("Change who is on call"),
        "hint": _("Times are %s time.") % plan.zone.key.replace("_", " "),
        "send": _("Save"),
    }
    return render(request, "oncall/small_form.html", context)


@require_POST
@requires(PlanRight.PLAN_ON_CALL)
def remove(request: HttpRequest, team_id: int, override_id: int) -> HttpResponse:
    """Take an override back."""
    remove_override(viewer_of(request), team_id, override_id)
    messages.success(request, _("The override was removed. The schedule follows its rules again."))
    return redirect("oncall:plan", team_id=team_id)
