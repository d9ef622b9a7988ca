"""Outcomes by group: the report, by what it compares, and the form that a team fills in."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from upstander.accountability import equity as figures
from upstander.accountability import publishing
from upstander.accountability.actions import outcomes
from upstander.accountability.actions.outcomes import GRADES
from upstander.accountability.models import CaseFigures
from upstander.accountability.queries import scope_of
from upstander.accountability.rights import FiguresRight
from upstander.base.suppression import LEAST
from upstander.cases.models import Case
from upstander.editions.halves import Half, halves
from upstander.editions.keeping import NotOurs, NotPublished, Where
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import viewing
from upstander.places.models import District
from upstander.ui.fields import said
from upstander.ui.press import refusal_told

#: Closed cases that the form lists, those without figures first.
SHOWN = 50


@require_GET
@requires(FiguresRight.SEE_EQUITY)
def equity(request: HttpRequest) -> HttpResponse:
    """Show how cases and tips of a half-year ended, by group. Raises Http404: no district."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        districts = scope_of(viewer).districts
        if not districts:
            raise Http404
        asked = request.GET.get("district", "")
        district = next((one for one in districts if str(one.pk) == asked), districts[0])
        spans = halves(now, ZoneInfo(district.time_zone))
        wanted = request.GET.get("half", "")
        half = next((one for one in spans if one.key == wanted), spans[0])
        try:
            found = publishing.of_half(viewer, district, Where(district.pk, half))
            report = figures.report(found[publishing.CASES], found[publishing.TIPS])
        except NotOurs as error:
            return not_ours(request, _("Outcomes"), error)
        except NotPublished:
            return not_published(request, _("Equity report"), districts, district, spans, half)
        divisions = outcomes.divisions_of(district.pk)
    context = {
        "districts": districts,
        "district": district,
        "halves": spans,
        "half": half,
        "report": report,
        "hides": any(table.hides for table in (*report.cases, report.tips)),
        "published_at": report.published_at.astimezone(ZoneInfo(district.time_zone)),
        "divisions": divisions,
        "least": LEAST,
        "keeps": viewer.kind is TeamKind.DISTRICT and Role.DISTRICT_LEAD in viewer.roles,
        "of_center": viewer.kind is TeamKind.CENTER,
    }
    return render(request, "accountability/equity.html", context)


def not_ours(request: HttpRequest, title: str, error: NotOurs) -> HttpResponse:
    """Say that what is kept of a half-year was not made here; nothing of it is shown."""
    context = {"title": title, "what": str(error)}
    return render(request, "accountability/not_ours.html", context, status=409)


def not_published(
    request: HttpRequest,
    title: str,
    districts: Sequence[District],
    district: District,
    spans: Sequence[Half],
    half: Half,
) -> HttpResponse:
    """Say to whom may only read that nobody has published this half-year, and who does."""
    context = {
        "title": title,
        "districts": districts,
        "district": district,
        "halves": spans,
        "half": half,
        "leads_too": TeamKind.DISTRICT in viewer_of(request).active_roles,
    }
    return render(request, "accountability/not_published.html", context)


@require_POST
@requires(Permission.SEE_DISTRICT)
def add(request: HttpRequest) -> HttpResponse:
    """Compare by something of the district's own: a lead's. Raises Http404."""
    viewer = viewer_of(request)
    sent = request.POST
    lead = next(
        (membership for membership in viewer.memberships if membership.role is Role.DISTRICT_LEAD),
        None,
    )
    if lead is None or lead.district_id is None:
        raise Http404
    with refusal_told(request):
        outcomes.add_division(
            viewer,
            lead.district_id,
            said(sent.get("name", ""), line=True),
            sent.get("groups", "").splitlines(),
        )
        messages.success(request, _("Teams will be asked for this from now on."))
    return redirect("accountability:equity")


@require_POST
@requires(Permission.SEE_DISTRICT)
def end(request: HttpRequest, division_id: int) -> HttpResponse:
    """Don't compare by it any more. Raises Http404."""
    outcomes.end_division(viewer_of(request), division_id)
    messages.success(request, _("Teams will no longer be asked for this."))
    return redirect("accountability:equity")


@require_GET
@requires(Permission.WORK_AS_TEAM)
def cases(request: HttpRequest) -> HttpResponse:
    """List the team's closed cases, with the form that says of whom they were."""
    viewer = viewer_of(request)
    with viewing(viewer):
        found = list(Case.objects.filter(state=Case.State.CLOSED).order_by("-closed_at")[:SHOWN])
        said = CaseFigures.objects.in_bulk([case.pk for case in found])
        districts = {case.district_id for case in found}
        asked = {district: outcomes.divisions_of(district) for district in sorted(districts)}
        zones = dict(District.objects.filter(pk__in=districts).values_list("pk", "time_zone"))
    lines = [
        {
            "case": case,
            "said": said.get(case.pk),
            "closed_at": case.closed_at.astimezone(ZoneInfo(zones[case.district_id]))
            if case.closed_at
            else None,
            "divisions": [
                (one, (said[case.pk].groups if case.pk in said else {}).get(str(one.pk), ""))
                for one in asked[case.district_id]
            ],
        }
        for case in found
    ]
    lines.sort(key=lambda line: line["said"] is not None)
    return render(request, "accountability/case_figures.html", {"lines": lines, "grades": GRADES})


@require_POST
@requires(Permission.WORK_AS_TEAM)
def fill(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Say of whom a closed case was, for the figures. Raises Http404."""
    sent = request.POST
    groups = {
        int(name.removeprefix("division-")): str(value)
        for name, value in sent.items()
        if name.removeprefix("division-").isdecimal() and len(name) < 24
    }
    with refusal_told(request):
        outcomes.fill_in(
            viewer_of(request),
            case_id,
            grade=sent.get("grade", ""),
            disability={"yes": True, "no": False}.get(sent.get("disability", "")),
            groups=groups,
        )
        messages.success(request, _("Saved."))
    return redirect("accountability:case_figures")
