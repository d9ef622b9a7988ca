"""What everybody keeps for themselves: ways to be told, and a calendar link."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.base.moment import database_second
from upstander.intake.priority import Priority
from upstander.oncall.actions.own import end_break, end_feed, make_feed, save_rules
from upstander.oncall.actions.own import take_break as begin_break
from upstander.oncall.calendars import own_calendar
from upstander.oncall.forms_ways import RulesForm
from upstander.oncall.models import Feed, OwnRule
from upstander.oncall.queries import own_plans
from upstander.oncall.reach import ringable
from upstander.oncall.rules import floors_of
from upstander.oncall.views.plans import own_turns
from upstander.people.permissions import (
    Permission,
    open_to_strangers,
    requires,
    viewer_of,
)
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.ui.press import refusal_on
from upstander.vault.links import link_hash

#: What a calendar program is given: enough to plan by, and what has just been.
_BEHIND, _AHEAD = timedelta(days=35), timedelta(days=180)


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ON_CALL)
def rules(request: HttpRequest) -> HttpResponse:
    """By which ways I am told, and how soon."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        own: dict[Priority, dict[str, int]] = {}
        for rule in OwnRule.objects.filter(person_id=viewer.person_id):
            own.setdefault(Priority(rule.priority), {})[rule.channel] = rule.after_seconds
        floor = floors_of([viewer.person_id]).get(viewer.person_id, {})
        context = {
            "rings": viewer.person_id in ringable([viewer.person_id]),
            "turns": own_turns(viewer, now),
            "feed": Feed.objects.filter(person_id=viewer.person_id).first(),
        }
    form = RulesForm(own, floor, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusal_on(form):
            save_rules(viewer, form.chosen())
            messages.success(request, _("Saved."))
            return redirect("oncall:rules")
    return render(request, "oncall/rules.html", {"form": form, **context})


@never_cache
@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ON_CALL)
def calendar(request: HttpRequest) -> HttpResponse:
    """Make or end my calendar link. It is shown once, in the answer to its making."""
    viewer = viewer_of(request)
    if request.method != "POST":
        return redirect("oncall:rules")
    if request.POST.get("end"):
        end_feed(viewer)
        messages.success(request, _("The link no longer works."))
        return redirect("oncall:rules")
    link = settings.DESK_URL + reverse("oncall:feed", kwargs={"secret": make_feed(viewer)})
    return render(request, "oncall/calendar_link.html", {"link": link})


@open_to_strangers
@require_GET
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Give a person's shifts to whoever has their link: a calendar program can't sign in.

    Runs with the desk's bare login role, which may call one function with the link's hash.
    """
    now = database_second()
    # From a midnight, so that a shift that runs has the same beginning whenever it is asked for.
    start, end = now.replace(hour=0, minute=0, second=0) - _BEHIND, now + _AHEAD
    found = own_plans(link_hash(secret), start, end)
    if found is None:
        raise Http404
    person, plans = found
    response = HttpResponse(
        own_calendar(person, plans, start, end, now), content_type="text/calendar; charset=utf-8"
    )
    response["Cache-Control"] = "private, no-store"
    response["Content-Disposition"] = 'inline; filename="on-call.ics"'
    return response


@require_POST
@requires(Permission.SEE_ON_CALL)
def take_break(request: HttpRequest) -> HttpResponse:
    """Take a break, or be back from it: of a center's people whoever wants to."""
    viewer = viewer_of(request)
    if viewer.kind is not TeamKind.CENTER:
        raise Http404
    if request.POST.get("do") == "back":
        end_break(viewer)
        messages.success(request, _("You are back: you are asked again."))
    else:
        begin_break(viewer)
        messages.success(
            request, _("Nothing new is offered to you for 20 minutes. What you have stays yours.")
        )
    return redirect("oncall:overview")
