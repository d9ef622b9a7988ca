"""The Times page, and the same figures as a file."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from upstander.accountability import publishing, queries
from upstander.accountability.equity_views import not_ours
from upstander.accountability.queries import Scope, View
from upstander.accountability.rights import FiguresRight
from upstander.base.published import PublishedInt, passing
from upstander.places.editions.halves import Half, halves
from upstander.places.editions.keeping import Edition, NotOurs, Where
from upstander.places.models import District, School
from upstander.places.permissions import requires, viewer_of
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer, viewing
from upstander.ui.charts import Span, spans

#: What a school or district is told of the center's part, and of which target.
BEFORE: Final[Mapping[str, tuple[str, str]]] = {
    "claimed": ("Claimed by a counselor", "within 60 seconds"),
    "handed_off": ("Life safety handed off", "within 3 minutes"),
}
#: Table of the edition → its heading.
GROUPS: Final[Mapping[str, str]] = {
    publishing.PRIORITIES: "By priority",
    publishing.SCHOOLS: "By school",
    publishing.HOURS: "By hour of the day",
    publishing.DAYS: "By day of the week",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A step or group with its figures, as published; None: hidden."""

    words: str
    figures: Mapping[str, PublishedInt | None]
    target: int | None = None

    @property
    def median(self) -> PublishedInt | None:
        """Within what half of the tips were there, in seconds."""
        return self.figures.get("times.median")

    @property
    def p90(self) -> PublishedInt | None:
        """Within what nine of ten were."""
        return self.figures.get("times.p90")

    @property
    def p99(self) -> PublishedInt | None:
        """Within what 99 of 100 were."""
        return self.figures.get("times.p99")

    @property
    def share(self) -> PublishedInt | None:
        """About how many in a hundred were within the target."""
        return self.figures.get("times.share")


@dataclass(frozen=True, slots=True)
class Before:
    """What a school may know of the time before its hand-off, already coarse."""

    words: str
    minutes: PublishedInt | None
    percent: PublishedInt | None
    target: str


@dataclass(frozen=True, slots=True)
class Times:
    """All that the page and the file show."""

    view: View
    scope: Scope
    place: District | School
    half: Half
    halves: list[Half]
    published_at: datetime
    steps: list[Line]
    before: list[Before]
    #: By the name of the edition's table.
    groups: Mapping[str, list[Line]]


def _read(viewer: Viewer, request: HttpRequest) -> Times:
    """Read the choice from the address; what isn't the viewer's to choose is left out.

    Raises Http404: nothing is theirs; NotOurs.
    """
    asked, view = request.GET, queries.view_of(viewer)
    with viewing(viewer) as now:
        scope = queries.scope_of(viewer)
        place: District | School
        if viewer.kind is TeamKind.SCHOOL:
            place = _chosen(scope.schools, asked.get("school"))
            district = next(one for one in scope.districts if one.pk == place.district_id)
            school_id = place.pk
        else:
            place = district = _chosen(scope.districts, asked.get("district"))
            school_id = 0
        zone = ZoneInfo(district.time_zone)
        every = halves(now, zone)
        half = next((one for one in every if one.key == asked.get("half")), every[0])
        where = Where(district.pk, half, school_id)
        edition = publishing.of_half(viewer, district, where)[publishing.TIMES]
    told = edition.measures
    return Times(
        view=view,
        scope=scope,
        place=place,
        half=half,
        halves=every,
        published_at=edition.published_at.astimezone(zone),
        steps=[
            Line(step.words, told.get((publishing.STEPS, step.key), {}), step.target)
            for step in view.steps
        ],
        before=_before(edition),
        groups={
            name: [
                Line(group, figures) for (table, group), figures in told.items() if table == name
            ]
            for name in GROUPS
            if any(table == name for table, _ in told)
        },
    )


def _chosen[P: (District, School)](places: Sequence[P], asked: str | None) -> P:
    """Return the place that is asked for, else the first. Raises Http404: there is none."""
    if not places:
        raise Http404
    return next((one for one in places if str(one.pk) == asked), places[0])


def _before(edition: Edition) -> list[Before]:
    return [
        Before(words, figures["before.minutes"], figures["before.percent"], target)
        for key, (words, target) in BEFORE.items()
        if (figures := edition.measures.get((publishing.BEFORE, key)))
    ]


@require_GET
@requires(FiguresRight.SEE_TIMES)
def times(request: HttpRequest) -> HttpResponse:
    """Show how long a half-year's tips took from step to step. It ranks nobody."""
    try:
        shown = _read(viewer_of(request), request)
    except NotOurs as error:
        return not_ours(request, "Times", error)
    context = {
        "times": shown,
        "from_tip": not shown.view.hides_before,
        "enough": any(line.median is not None for line in shown.steps),
        "chart": spans("Times from step to step", _spans(shown.steps), wide_labels=True),
        "groups": [
            (GROUPS[name], name, lines, _drawn(GROUPS[name], lines))
            for name, lines in shown.groups.items()
        ],
        "csv": f"/times.csv?{urlencode(request.GET)}",
    }
    return render(request, "accountability/times.html", context)


def _drawn(title: str, lines: list[Line]) -> str:
    """Draw the lines that are told; empty where none is: a chart of nothing has a false scale."""
    told = [line for line in lines if line.median is not None]
    return spans(title, _spans(told), wide_labels=True) if told else ""


def _spans(lines: list[Line]) -> list[Span]:
    return [
        Span(line.words, passing(line.median), passing(line.p90), passing(line.p99), line.target)
        for line in lines
    ]


@require_GET
@requires(FiguresRight.SEE_TIMES)
def times_csv(request: HttpRequest) -> HttpResponse:
    """Give the page's figures as a file: times in seconds, empty where they are hidden."""
    try:
        shown = _read(viewer_of(request), request)
    except NotOurs as error:
        return not_ours(request, "Times", error)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="times-{shown.half.key}.csv"'
    rows = csv.writer(response)
    rows.writerow(["table", "group", "median_s", "p90_s", "p99_s", "in_target", "target_s"])
    for table, lines in (("Step", shown.steps), *shown.groups.items()):
        for line in lines:
            cells = [_cell(one) for one in (line.median, line.p90, line.p99)]
            share = "" if line.share is None else f"{passing(line.share)} %"
            rows.writerow([table, line.words, *cells, share, line.target or ""])
    for one in shown.before:
        minutes, percent = passing(one.minutes), passing(one.percent)
        rows.writerow(
            [
                "Before the hand-off (whole minutes)",
                one.words,
                "" if minutes is None else minutes * 60,
                "",
                "",
                "" if percent is None else f"{percent} %",
                one.target,
            ]
        )
    return response


def _cell(figure: int | None) -> int | str:
    passed = passing(figure)
    return "" if passed is None else passed
