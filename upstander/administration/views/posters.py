"""Posters to print: for each school of one's own, in each language and on each paper."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from upstander.administration.posters import TEXTS, Paper, poster_pdf
from upstander.base.languages import language_of
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.queries import schools_to_print_for
from upstander.people.scope import viewing
from upstander.places.models import School


@require_GET
@requires(Permission.PRINT_POSTERS)
def index(request: HttpRequest) -> HttpResponse:
    """The schools with their posters; ``?strip=no`` leaves the tabs to tear off away."""
    viewer = viewer_of(request)
    with viewing(viewer):
        schools = list(schools_to_print_for(viewer).select_related("district"))
    strip = request.GET.get("strip") != "no"
    shown = {"schools": schools, "strip": strip, "languages": [language_of(code) for code in TEXTS]}
    return render(request, "administration/posters.html", shown)


@require_GET
@requires(Permission.PRINT_POSTERS)
def poster(request: HttpRequest, school_id: int, language: str, paper: str) -> HttpResponse:
    """One poster as PDF."""
    if language not in TEXTS or paper not in list(Paper):
        raise Http404
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        school: School | None = schools_to_print_for(viewer).filter(pk=school_id).first()
    if school is None:
        raise Http404
    pdf = poster_pdf(
        school,
        language=language,
        paper=Paper(paper),
        now=now,
        strip=request.GET.get("strip") != "no",
    )
    name = f"poster-{school.slug}-{language}-{paper}.pdf"
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )
