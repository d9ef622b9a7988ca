"""The Times page, and the same figures as a file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from upstander.accountability import queries
from upstander.accountability.queries import Group, Line, Scope, Step, View, Wanted
from upstander.accountability.rights import FiguresRight
from upstander.base.published import passing
from upstander.places.editions.halves import halves
from upstander.places.permissions import requires, viewer_of
from upstander.places.priority import Priority
from upstander.places.scope import Viewer, viewing
from upstander.ui.charts import Span, spans


@dataclass(frozen=True, slots=True)
class Times:
    """All that the page and the file show."""

    view: View
    wanted: Wanted
    step: Step
    scope: Scope
    group: Group
    steps: list[Line]
    hours: list[Line]
    weekdays: list[Line]
    before: list[queries.Before]
    #: Of which half-year that is.
    before_of: str
    now: datetime


def _read(viewer: Viewer, request: HttpRequest) -> Times:
    view = queries.view_of(viewer)
    with viewing(viewer) as now:
        scope = queries.scope_of(viewer)
        wanted = _wanted(request, scope)
        group = queries.group_of(view, wanted, scope.district_ids, now)
        return Times(
            view=view,
            wanted=wanted,
            step=view.step(wanted.step),
            scope=scope,
            group=group,
            steps=queries.by_step(view, group),
            hours=queries.by_hour(view, group),
            weekdays=queries.by_weekday(view, group),
            before=[] if view.start == "received_at" else queries.before_handoff(wanted.school_id),
            before_of=halves(now, queries.BEFORE_ZONE)[0].words,
            now=now,
        )


def _wanted(request: HttpRequest, scope: Scope) -> Wanted:
    """Read the choice from the address; what is not the viewer's to choose is left out."""
    asked = request.GET
    days, priority = asked.get("days", ""), asked.get("priority", "")
    return Wanted(
        days=int(days) if days.isdecimal() and int(days) in queries.SPANS else queries.USUAL_SPAN,
        district_id=_one_of(asked.get("district"), {d.pk for d in scope.districts}),
        school_id=_one_of(asked.get("school"), {s.pk for s in scope.schools}),
        priority=Priority(priority) if priority in list(Priority) else None,
        step=asked.get("step", ""),
    )


def _one_of(text: str | None, known: set[int]) -> int | None:
    number = int(text) if text and text.isdecimal() and len(text) < 19 else None
    return number if number in known else None


@require_GET
@requires(FiguresRight.SEE_TIMES)
def times(request: HttpRequest) -> HttpResponse:
    """Show how long tips took from step to step, by hour and weekday. It ranks nobody."""
    shown = _read(viewer_of(request), request)
    context = {
        "times": shown,
        "spans": queries.SPANS,
        "priorities": list(reversed(Priority)),
        "from_tip": shown.view.start == "received_at",
        "chart": spans("Times from step to step", _spans(shown.steps), wide_labels=True),
        "hours_chart": spans("By hour of the day", _spans(shown.hours)),
        "weekdays_chart": spans("By day of the week", _spans(shown.weekdays)),
        "csv": f"/times.csv?{urlencode(request.GET)}",
    }
    return render(request, "accountability/times.html", context)


def _spans(lines: list[Line]) -> list[Span]:
    return [
        Span(
            line.short or line.words,
            passing(line.figures.median),
            passing(line.figures.p90),
            passing(line.figures.p99),
            line.figures.target,
        )
        for line in lines
    ]


@require_GET
@requires(FiguresRight.SEE_TIMES)
def times_csv(request: HttpRequest) -> HttpResponse:
    """Give the page's figures as a file: times in seconds, empty where too few tips say one."""
    shown = _read(viewer_of(request), request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="times-{shown.now:%Y-%m-%d}.csv"'
    rows = csv.writer(response)
    rows.writerow(
        ["table", "group", "step", "tips", "median_s", "p90_s", "p99_s", "within", "of", "target_s"]
    )
    for table, lines, step in (
        ("steps", shown.steps, ""),
        ("hours", shown.hours, shown.step.key),
        ("weekdays", shown.weekdays, shown.step.key),
    ):
        for line in lines:
            f = line.figures
            cells = [_cell(c) for c in (f.tips, f.median, f.p90, f.p99, f.within, f.of)]
            rows.writerow([table, line.words, step, *cells, "" if f.target is None else f.target])
    for one in shown.before:
        minutes, percent = passing(one.minutes), passing(one.percent)
        rows.writerow(
            [
                f"before the hand-off (coarse), {shown.before_of}",
                one.words,
                "",
                _cell(one.tips),
                "" if minutes is None else minutes * 60,
                "",
                "",
                "" if percent is None else f"{percent} %",
                "",
                one.target,
            ]
        )
    return response


def _cell(figure: int | None) -> int | str:
    passed = passing(figure)
    return "" if passed is None else passed
