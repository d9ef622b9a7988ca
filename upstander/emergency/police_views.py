"""What officers see: briefs that were handed to them, and two things to do about each."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from upstander.emergency.actions.officers import (
    acknowledge_brief,
    brief_for,
    briefs_of,
    open_brief,
    record_outcome,
)
from upstander.emergency.forms import OutcomeForm
from upstander.emergency.models import Brief
from upstander.emergency.rights import EmergencyRight
from upstander.emergency.sheet import NOT_KNOWN, Around, script, unverified
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.tips.queries import names_of
from upstander.ui.moments import said_words
from upstander.ui.press import refusal_on, refusal_told


@require_GET
@requires(EmergencyRight.READ_BRIEFS)
def brief_list(request: HttpRequest) -> HttpResponse:
    """List the briefs of the officer's team, open ones first."""
    viewer = viewer_of(request)
    with viewing(viewer):
        briefs = briefs_of(viewer)
        names = names_of({b.acknowledged_by for b in briefs} | {b.outcome_by for b in briefs})
    rows = [
        (brief, Brief.State(brief.state).label, names.get(brief.acknowledged_by or 0, ""))
        for brief in briefs
    ]
    return render(request, "emergency/police_list.html", {"rows": rows})


@require_GET
@requires(EmergencyRight.READ_BRIEFS)
def brief(request: HttpRequest, brief_id: UUID) -> HttpResponse:
    """Show one brief with its updates."""
    return _page(request, brief_id, OutcomeForm())


def _page(request: HttpRequest, brief_id: UUID, form: OutcomeForm) -> HttpResponse:
    viewer = viewer_of(request)
    read = open_brief(viewer, brief_id)
    latest = read.pages[0]
    around = _around(latest.around, read.brief)
    with viewing(viewer):
        names = names_of({read.brief.acknowledged_by, read.brief.outcome_by})
    said = script(
        latest.lines,
        around,
        [
            gettext("handed to you %(said_words)s")
            % {"said_words": said_words(read.brief.at, around.zone)}
        ],
        latest.told,
        away=True,
    )
    context = {
        "brief": read.brief,
        "pages": [
            (page.number, said_words(page.at, around.zone), page.words) for page in read.pages
        ],
        "lead": unverified(latest.lines),
        "callback": around.callback or NOT_KNOWN,
        "center": around.center,
        "said": [one for one in said if one.key not in ("callback", "reference")],
        "form": form,
        "acknowledged": names.get(read.brief.acknowledged_by or 0, gettext("A colleague")),
        "ended": names.get(read.brief.outcome_by or 0, gettext("A colleague")),
    }
    return render(request, "emergency/police_brief.html", context)


def _around(given: object, brief: Brief) -> Around:
    told = given if isinstance(given, dict) else {}
    return Around(
        reference=brief.reference,
        center=str(told.get("center", gettext("The crisis center"))),
        callback=str(told.get("callback", "")),
        school=str(told.get("school", "")),
        school_address=str(told.get("school_address", "")),
        school_contact="",
        psap="",
        psap_phone="",
        zone=ZoneInfo(str(told.get("zone", "America/New_York"))),
        came_in=_moment(told.get("came_in"), brief),
        named=bool(told.get("named", "")),
        ticked=str(told.get("ticked", "")),
        ticked_at=_moment(told.get("ticked_at"), brief),
        turns=int(told.get("turns") or 0),
        typed_school=str(told.get("typed_school", "")),
    )


def _moment(given: object, brief: Brief) -> datetime:
    """Return a time that stands on a brief; those of before it stood there came with the brief."""
    return datetime.fromisoformat(given) if isinstance(given, str) and given else brief.at


@require_http_methods(["GET", "POST"])
@requires(EmergencyRight.READ_BRIEFS)
def acknowledge(request: HttpRequest, brief_id: UUID) -> HttpResponse:
    """Say that one has it."""
    viewer = viewer_of(request)
    if request.method == "POST":
        with refusal_told(request, messages.WARNING):
            acknowledge_brief(viewer, brief_id)
            messages.success(request, gettext("The crisis center can see that you have it."))
    else:
        with viewing(viewer):
            brief_for(viewer, brief_id)
    return redirect("emergency:brief", brief_id=brief_id)


@require_http_methods(["GET", "POST"])
@requires(EmergencyRight.READ_BRIEFS)
def outcome(request: HttpRequest, brief_id: UUID) -> HttpResponse:
    """Say what was found."""
    if request.method == "GET":
        return brief(request, brief_id)  # type: ignore[return-value]
    form = OutcomeForm(request.POST)
    if form.is_valid():
        with refusal_on(form):
            record_outcome(
                viewer_of(request),
                brief_id,
                form.cleaned_data["outcome"],
                form.cleaned_data["words"],
            )
            messages.success(request, gettext("Thank you. The crisis center has your report."))
            return redirect("emergency:brief", brief_id=brief_id)
    return _page(request, brief_id, form)
