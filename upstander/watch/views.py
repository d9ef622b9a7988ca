"""How the system stands, and drills: begun by a lead, answered by everybody, shown as a report."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST, require_safe

from upstander.base.moment import database_now
from upstander.people.permissions import Permission, open_to_strangers, requires, viewer_of
from upstander.people.scope import viewing
from upstander.ui.charts import moments
from upstander.ui.press import refusal_told
from upstander.ui.times import ago
from upstander.watch import queries
from upstander.watch.access import drill_for
from upstander.watch.actions.drills import CHOICES, MINUTES, answer_drill, begin_drill, set_rhythm
from upstander.watch.failed import MARKS
from upstander.watch.models import Drill
from upstander.watch.rights import DrillRight


@require_safe
@open_to_strangers
def healthz(request: HttpRequest) -> HttpResponse:
    """Say to a load balancer whether this desk can do its work: it reaches the database.

    That pages broke lately, or that nobody can sign in, takes no desk away, for others show: it is
    said to the watch.
    """
    try:
        database_now()
    except DatabaseError:
        return HttpResponse("the database is away\n", status=503, content_type="text/plain")
    words = [b"ok", *(mark.said for mark in MARKS.values() if mark.stands())]
    return HttpResponse(b"\n".join(words) + b"\n", content_type="text/plain")


@require_GET
@requires(Permission.SEE_STATUS)
def status(request: HttpRequest) -> HttpResponse:
    """Show how the system stands: sweeps, providers, and how long its own test tip took."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        probes = queries.probes_shown()
        context = {
            "now": now,
            "wrong": queries.troubles_now(),
            "before": queries.troubles_before(),
            "lanes": queries.lanes_now(now),
            "providers": queries.provider_states(),
            "latest": probes[0] if probes else None,
            "failed": [probe for probe in probes if not probe.well][:10],
            "probes": probes,
            "chart": _chart(probes),
            "overdue": [team for team in queries.team_drills(viewer, now) if team.overdue],
        }
    return render(request, "watch/status.html", context)


def _chart(probes: list[queries.ProbeShown]) -> str:
    oldest_first = list(reversed(probes))
    values = [(probe.answered_in, probe.well) for probe in oldest_first]
    if not any(seconds is not None or not well for seconds, well in values):
        return ""
    failed = sum(not well for _, well in values)
    return moments(
        gettext(
            "Time from page to acknowledgement for the last %(len)s test tips; %(failed)s failed"
        )
        % {"len": len(values), "failed": failed},
        values,
        first=ago(oldest_first[0].began_at),
        last=ago(oldest_first[-1].began_at),
    )


@require_GET
@requires(Permission.SEE_STATUS)
def drills(request: HttpRequest) -> HttpResponse:
    """List the teams with their last and next drill; a lead can begin one."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        teams = queries.team_drills(viewer, now)
        past = queries.drills_of(team.team_id for team in teams)
    context = {"teams": teams, "past": past, "choices": CHOICES, "minutes": MINUTES}
    return render(request, "watch/drills.html", context)


@require_POST
@requires(DrillRight.LEAD_DRILLS)
def begin(request: HttpRequest) -> HttpResponseBase:
    """Begin a drill of a team that one leads."""
    with refusal_told(request):
        made = begin_drill(viewer_of(request), _team(request))
        messages.success(
            request, gettext("The drill has started. Everyone is told that it is a test.")
        )
        return redirect("watch:drill", drill_id=made.pk)
    return redirect("watch:drills")


@require_POST
@requires(DrillRight.LEAD_DRILLS)
def rhythm(request: HttpRequest) -> HttpResponseBase:
    """Say how often a team is to be tested."""
    days = request.POST.get("days", "")
    with refusal_told(request):
        set_rhythm(viewer_of(request), _team(request), int(days) if days.isdecimal() else 0)
        messages.success(request, gettext("Noted."))
    return redirect("watch:drills")


@require_GET
@requires(Permission.SEE_STATUS)
def drill(request: HttpRequest, drill_id: UUID) -> HttpResponse:
    """Show how a drill goes or went: who was asked how, who answered when, by which way."""
    viewer = viewer_of(request)
    with viewing(viewer):
        found = drill_for(viewer, drill_id)
        report = queries.report_of(viewer, found)
    running = found.state != Drill.State.ENDED
    return render(request, "watch/drill.html", {"report": report, "running": running})


@require_POST
@requires(Permission.SEE_STATUS)
def answer(request: HttpRequest, drill_id: UUID) -> HttpResponseBase:
    """Answer a drill for oneself, on the desk."""
    with refusal_told(request):
        if answer_drill(viewer_of(request), drill_id):
            messages.success(
                request, gettext("Thank you. Your answer was recorded. This was a test.")
            )
        else:
            messages.info(request, gettext("You have already answered."))
    return redirect("watch:drill", drill_id=drill_id)


def _team(request: HttpRequest) -> int:
    team = request.POST.get("team", "")
    if not team.isdecimal() or len(team) > 18:
        raise Http404
    return int(team)
