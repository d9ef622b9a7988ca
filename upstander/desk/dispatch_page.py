"""The dispatch sheet's page: a script to read out, with a timer, and what is written down of it.

It opens in one press from the tip, at any time, beside everything else that goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from upstander.desk.dispatch_draft import draft_lines
from upstander.dispatch.actions import record_call, save_sheet
from upstander.dispatch.briefs import add_page, hand_to_police
from upstander.dispatch.eido import eido_document
from upstander.dispatch.forms import CallForm, PoliceForm, SheetForm
from upstander.dispatch.panel import DispatchShown, dispatch_panel, times_of
from upstander.dispatch.printed import sheet_pdf
from upstander.dispatch.queries import Standing, standing_of
from upstander.dispatch.sheet import Around, around_of, opening, script, unverified
from upstander.places.models import Center, District, School
from upstander.places.permissions import Permission, requires, viewer_of
from upstander.places.priority import Priority
from upstander.places.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.actions import record_on
from upstander.tips.models import Tip
from upstander.tips.opening import OpenTip, open_tip, read_contents
from upstander.tips.queries import names_of
from upstander.triage import panel
from upstander.triage.queries import QueueRow, rows_for
from upstander.ui.press import refusal_on, refusal_told


@dataclass(frozen=True, slots=True)
class Seen:
    """A tip's dispatch as it stands, read anew."""

    opened: OpenTip
    tip: Tip
    row: QueueRow
    now: datetime
    around: Around
    standing: Standing
    shown: DispatchShown
    #: The kept sheet's lines, or what a first one would begin with.
    lines: dict[str, str]
    extras: tuple[str, ...]


def _see(request: HttpRequest, tip_id: UUID, purpose: str) -> Seen:
    viewer = viewer_of(request)
    opened = open_tip(viewer, tip_id, purpose=purpose)
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id)
        row = rows_for([tip])[0]
        judgement = panel.judgement_on(tip.pk, now)
        standing = standing_of(tip, now)
        names = names_of(standing.people)
        around = around_of(
            reference=tip.reference,
            came_in=tip.received_at,
            center=Center.objects.get(pk=tip.center_id),
            district=District.objects.get(pk=tip.district_id),
            school=School.objects.filter(pk=tip.school_id).first() if tip.school_id else None,
        )
    shown = dispatch_panel(opened, standing, names)
    assessment = panel.assessment_panel(opened, judgement.assessment)
    category = assessment.category if assessment else ""
    lines = dict(shown.lines)
    if not shown.number:
        answers = read_contents(opened).answers
        assessed = assessment.fields if assessment else {}
        lines = draft_lines(tip, answers, assessed, category, around)
    extras = panel.sheet_for(tile=tip.tile, category=category)
    return Seen(opened, tip, row, now, around, standing, shown, lines, extras)


@require_GET
@requires(Permission.WORK_TIPS)
def sheet(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Show the call script with its timer, and what was done so far."""
    return _page(request, _see(request, tip_id, "dispatch sheet"))


def _page(request: HttpRequest, seen: Seen, **forms: Any) -> HttpResponse:
    times = times_of(seen.tip, seen.shown, seen.around, seen.now)
    teams = [(str(team.pk), team.name) for team in seen.standing.police.values()]
    given = {brief.team_id for brief in seen.standing.briefs}
    context = {
        "tip": seen.tip,
        "row": seen.row,
        "around": seen.around,
        "now": seen.now,
        "lead": unverified(seen.lines),
        "opening": opening(seen.around),
        "said": script(seen.lines, seen.around, times),
        "extras": seen.extras,
        "shown": seen.shown,
        "sheet_form": SheetForm(initial=seen.lines),
        "call_form": CallForm(initial={"line": "psap" if seen.around.psap_phone else "911"}),
        "police_form": PoliceForm(teams=[team for team in teams if int(team[0]) not in given]),
        "new_teams": [team for team in teams if int(team[0]) not in given],
        "life_safety": seen.tip.priority == Priority.LIFE_SAFETY,
        "may_search": seen.tip.rank <= 1,
    }
    return render(request, "desk/dispatch.html", context | forms)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def save(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Keep the sheet as its next version."""
    if request.method == "GET":
        return redirect("dispatch_sheet", tip_id=tip_id)
    seen = _see(request, tip_id, "dispatch sheet")
    form = SheetForm(request.POST, initial=seen.lines)
    if form.is_valid():
        with refusal_on(form):
            kept = save_sheet(seen.opened, form.lines())
            messages.success(request, f"Version {kept.number} is kept. Read out what is new.")
            return redirect("dispatch_sheet", tip_id=tip_id)
    return _page(request, seen, sheet_form=form)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def call(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Write down "I called"."""
    if request.method == "GET":
        return redirect("dispatch_sheet", tip_id=tip_id)
    seen = _see(request, tip_id, "dispatch sheet")
    form = CallForm(request.POST)
    if form.is_valid():
        with refusal_on(form):
            record_call(seen.opened, seen.lines, **form.facts(seen.now, seen.around.zone))
            messages.success(request, "Kept. You are asked whether help arrived.")
            return redirect(f"/tips/{tip_id}/911#done")
    return _page(request, seen, call_form=form)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def police(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Hand a brief to police contacts."""
    if request.method == "GET":
        return redirect("dispatch_sheet", tip_id=tip_id)
    seen = _see(request, tip_id, "brief for police")
    teams = [(str(team.pk), team.name) for team in seen.standing.police.values()]
    form = PoliceForm(request.POST, teams=teams)
    if form.is_valid():
        with refusal_on(form):
            hand_to_police(
                seen.opened,
                int(form.cleaned_data["team"]),
                form.cleaned_data["words"],
                seen.lines,
                seen.around,
                danger_now=form.cleaned_data["danger_now"],
                sheet_number=seen.shown.number,
            )
            messages.success(request, "Handed over. They are told now; you see here what they do.")
            return redirect(f"/tips/{tip_id}/911#police")
    return _page(request, seen, police_form=form)


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
def police_update(request: HttpRequest, tip_id: UUID, brief_id: UUID) -> HttpResponseBase:
    """Send police a numbered update of their brief."""
    if request.method == "POST":
        seen = _see(request, tip_id, "brief for police")
        with refusal_told(request):
            page = add_page(
                seen.opened,
                brief_id,
                request.POST.get("words", ""),
                seen.lines,
                seen.around,
                sheet_number=seen.shown.number,
            )
            messages.success(request, f"Update {page.number} is with them.")
    return redirect(f"/tips/{tip_id}/911#police")


@require_GET
@requires(Permission.WORK_TIPS)
def pdf(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Give the sheet as one page to print. The record says that it left the desk."""
    seen = _exported(request, tip_id, "pdf")
    times = times_of(seen.tip, seen.shown, seen.around, seen.now)
    said = script(seen.lines, seen.around, times)
    content = sheet_pdf(seen.lines, seen.around, said, seen.shown, seen.now)
    name = f"sheet-{seen.tip.reference}-{seen.shown.number}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(False, name) or "inline"},
    )


@require_GET
@requires(Permission.WORK_TIPS)
def eido(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Give the sheet in the shape of an EIDO, marked as a draft."""
    seen = _exported(request, tip_id, "eido draft")
    document = eido_document(seen.tip.pk, seen.lines, seen.around, seen.shown, seen.now)
    name = f"sheet-{seen.tip.reference}-{seen.shown.number}-draft.json"
    return JsonResponse(
        document,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )


def _exported(request: HttpRequest, tip_id: UUID, form: str) -> Seen:
    seen = _see(request, tip_id, "dispatch sheet")
    with viewing(seen.opened.viewer):
        record_on(seen.tip, "dispatch sheet taken out", seen.opened.viewer, form=form)
    return seen
