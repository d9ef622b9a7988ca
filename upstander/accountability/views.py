"""The Times page, and the same figures as a file."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_GET

from upstander.accountability import publishing, queries
from upstander.accountability.equity_views import not_ours, not_published
from upstander.accountability.queries import Scope, Step, View
from upstander.accountability.rights import FiguresRight
from upstander.accountability.words import said
from upstander.base.published import PublishedInt, passing
from upstander.editions.halves import Half, halves
from upstander.editions.keeping import Edition, NotOurs, NotPublished, Where
from upstander.people.permissions import requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District, School
from upstander.ui.charts import Span, spans

#: What a school or district is told of the center's part, and of which target.
BEFORE: Final = {
    "claimed": (gettext_lazy("Claimed by a counselor"), gettext_lazy("within 60 seconds")),
    "handed_off": (gettext_lazy("Life safety handed off"), gettext_lazy("within 3 minutes")),
}
#: Table of the edition → its heading.
GROUPS: Final = {
    publishing.PRIORITIES: gettext_lazy("By priority"),
    publishing.SCHOOLS: gettext_lazy("By school"),
    publishing.HOURS: gettext_lazy("By hour of the day"),
    publishing.DAYS: gettext_lazy("By day of the week"),
    publishing.DOORS: gettext_lazy("By door"),
    publishing.LANGUAGES: gettext_lazy("By language"),
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A step or group with its figures, as published; None: hidden."""

    words: str
    figures: Mapping[str, PublishedInt | None]
    target: int | None = None
    #: How the edition calls a group, and so the file.
    name: str = ""

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
    steps: list[FigureRow]
    before: list[Before]
    #: Of talks, where they stand by themselves.
    talks: list[FigureRow]
    #: By the name of the edition's table.
    groups: Mapping[str, list[FigureRow]]


def _read(viewer: Viewer, request: HttpRequest) -> Times | HttpResponse:
    """Read the choice from the address; what isn't the viewer's to choose is left out.

    A page instead: there is nothing to show, and why. Raises Http404: nothing is theirs.
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
        try:
            edition = publishing.of_half(viewer, district, where)[publishing.TIMES]
        except NotOurs as error:
            return not_ours(request, gettext("Times"), error)
        except NotPublished:
            title = gettext("Times")
            return not_published(request, title, scope.districts, district, every, half)
    told = edition.measures
    return Times(
        view=view,
        scope=scope,
        place=place,
        half=half,
        halves=every,
        published_at=edition.published_at.astimezone(zone),
        steps=[
            FigureRow(str(step.words), told.get((publishing.STEPS, step.key), {}), step.target)
            for step in view.steps
        ],
        before=_before(edition),
        talks=[
            FigureRow(str(step.words), figures, step.target)
            for step in view.talks
            if (figures := told.get((publishing.TALKS, step.key)))
        ],
        groups={
            name: [
                FigureRow(said(group), figures, name=group)
                for (table, group), figures in told.items()
                if table == name
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
        Before(str(words), figures["before.minutes"], figures["before.percent"], str(target))
        for key, (words, target) in BEFORE.items()
        if (figures := edition.measures.get((publishing.BEFORE, key)))
    ]


@require_GET
@requires(FiguresRight.SEE_TIMES)
def times(request: HttpRequest) -> HttpResponse:
    """Show how long a half-year's tips took from step to step. It ranks nobody."""
    shown = _read(viewer_of(request), request)
    if isinstance(shown, HttpResponse):
        return shown
    groups = [
        (GROUPS[name], name, lines, _drawn(str(GROUPS[name]), lines, shown.view.usual))
        for name, lines in shown.groups.items()
    ]
    context = {
        "times": shown,
        "from_tip": not shown.view.hides_before,
        "enough": any(line.median is not None for line in shown.steps),
        "chart": spans(gettext("Times from step to step"), _spans(shown.steps)),
        "targets": any(line.target and line.median is not None for line in shown.steps),
        "usual_target": None if shown.view.usual.life_only else shown.view.usual.target,
        "groups": [group for group in groups if group[3]],
        "not_told": [heading for heading, *_, drawn in groups if not drawn],
        "csv": f"/times.csv?{urlencode(request.GET)}",
    }
    return render(request, "accountability/times.html", context)


def _drawn(title: str, lines: list[FigureRow], step: Step) -> str:
    """Draw the lines that are told; empty where none is: a chart of nothing has a false scale."""
    # A target for life safety alone says nothing of what a whole group took.
    target = None if step.life_only else step.target
    told = _spans([replace(line, target=target) for line in lines if line.median is not None])
    return spans(title, told) if told else ""


def _spans(lines: list[FigureRow]) -> list[Span]:
    return [
        Span(line.words, passing(line.median), passing(line.p90), passing(line.p99), line.target)
        for line in lines
    ]


@require_GET
@requires(FiguresRight.SEE_TIMES)
def times_csv(request: HttpRequest) -> HttpResponse:
    """Give the page's figures as a file: times in seconds, empty where they are hidden."""
    shown = _read(viewer_of(request), request)
    if isinstance(shown, HttpResponse):
        return shown
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="times-{shown.half.key}.csv"'
    rows = csv.writer(response)
    rows.writerow(["table", "group", "median_s", "p90_s", "p99_s", "in_target", "target_s"])
    for table, lines in (
        (publishing.STEPS, shown.steps),
        (publishing.TALKS, shown.talks),
        *shown.groups.items(),
    ):
        for line in lines:
            cells = [_cell(one) for one in (line.median, line.p90, line.p99)]
            share = "" if line.share is None else f"{passing(line.share)} %"
            rows.writerow([table, line.name or line.words, *cells, share, line.target or ""])
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
