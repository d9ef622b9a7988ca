"""The ledger's pages: a district, a school, an employee; one's own; a monitor's counts."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.people.importing.pages import import_page
from upstander.people.permissions import requires, viewer_of
from upstander.people.roles import Role
from upstander.people.scope import viewing
from upstander.places.models import District, School
from upstander.training import queries
from upstander.training.access import (
    district_for,
    employee_for,
    own_districts,
    own_schools,
    school_for,
)
from upstander.training.actions.completions import LINK_PATH, make_link, record_completion
from upstander.training.actions.employees import import_employees
from upstander.training.days import day_of
from upstander.training.employees import COLUMNS, judge_employees
from upstander.training.forms import CompletionForm, StatementForm
from upstander.training.models import Completion, Due, Employee
from upstander.training.rights import TrainingRight
from upstander.ui.press import refusal_told


@require_GET
@requires(TrainingRight.SEE_LEDGER)
def ledger(request: HttpRequest) -> HttpResponse:
    """Lead to the viewer's district, or to their school."""
    viewer = viewer_of(request)
    for districts in own_districts(viewer):
        return redirect("training:district", districts)
    for schools in own_schools(viewer):
        return redirect("training:school", schools)
    return render(request, "training/nothing.html")


@require_GET
@requires(TrainingRight.KEEP_LEDGER)
def district(request: HttpRequest, district_id: int) -> HttpResponse:
    """Show who is late by school, job and days, and what the schools signed."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        place = district_for(viewer, district_id)
        today = day_of(place, now)
        year = queries.year_of(place, today)
        lines = queries.read_lines(today, district_id=place.pk)
        names = dict(School.objects.filter(district_id=place.pk).values_list("pk", "name"))
        standing = queries.standing_certifications(place.pk, year)
        rules = queries.rules_of(place)
    signed = [(names[pk], pk, standing.get(pk)) for pk in sorted(names, key=lambda pk: names[pk])]
    return render(
        request,
        "training/district.html",
        {
            "place": place,
            "year": year,
            "rules": rules,
            "lines": [line for line in lines if line.state == "late"],
            "counts": queries.counted(lines),
            "schools": queries.by_group(lines, names, gettext("of no school")),
            "jobs": queries.by_job(lines),
            "signed": signed,
            "own": standing.get(None),
            "may_sign": Role.SUPERINTENDENT in viewer.roles,
            "form": StatementForm(),
        },
    )


@require_GET
@requires(TrainingRight.SEE_LEDGER)
def school(request: HttpRequest, school_id: int) -> HttpResponse:
    """Show who of a school is late, soon due and done, and let its head sign for all of them."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        place = school_for(viewer, school_id)
        today = day_of(place.district, now)
        year = queries.year_of(place.district, today)
        lines = queries.read_lines(today, district_id=place.district_id, school_id=place.pk)
        standing = queries.standing_certifications(place.district_id, year).get(place.pk)
        rules = queries.rules_of(place.district)
    heads = {m.school_id for m in viewer.memberships if m.role is Role.HEAD_OF_SCHOOL}
    counts = queries.counted(lines)
    return render(
        request,
        "training/school.html",
        {
            "place": place,
            "year": year,
            "rules": rules,
            "lines": lines,
            "counts": counts,
            "late": counts["late"],
            "people": len({line.employee.pk for line in lines}),
            "standing": standing,
            "may_certify": place.pk in heads,
            "form": StatementForm(),
        },
    )


@require_http_methods(["GET", "POST"])
@requires(TrainingRight.SEE_LEDGER)
def employee(request: HttpRequest, employee_id: int) -> HttpResponse:
    """Show what an employee owes and completed; keep a completion from paper or elsewhere."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        row = employee_for(employee_id)
        place = District.objects.get(pk=row.district_id)
        rules = queries.rules_of(place)
    form = CompletionForm(request.POST or None, rules=rules)
    if request.method == "POST" and form.is_valid():
        with refusal_told(request):
            sent = form.cleaned_data
            record_completion(
                viewer,
                row.pk,
                sent["course"],
                way=sent["way"],
                on=sent["on"],
                proof=sent["proof"],
            )
            messages.success(request, gettext("Noted."))
        return redirect("training:employee", row.pk)
    return _employee(request, row, day_of(place, now), form)


@require_POST
@requires(TrainingRight.SEE_LEDGER)
def link(request: HttpRequest, due_id: int) -> HttpResponse:
    """Show a new link to a course that is due, once."""
    viewer = viewer_of(request)
    secret = make_link(viewer, due_id)
    with viewing(viewer) as now:
        row = employee_for(Due.objects.values_list("employee_id", flat=True).get(pk=due_id))
        place = District.objects.get(pk=row.district_id)
        form = CompletionForm(rules=queries.rules_of(place))
    shown = f"{settings.DESK_URL}{LINK_PATH}{secret}"
    return _employee(request, row, day_of(place, now), form, shown)


def _employee(
    request: HttpRequest, row: Employee, today: date, form: CompletionForm, link: str = ""
) -> HttpResponse:
    with viewing(viewer_of(request)):
        lines = queries.lines_of([row], today)
        done = list(Completion.objects.filter(employee=row).order_by("-completed_on", "-pk"))
    context = {"row": row, "lines": lines, "done": done, "form": form, "link": link}
    return render(request, "training/employee.html", context)


@require_GET
@requires(TrainingRight.OWN_DUES)
def own(request: HttpRequest) -> HttpResponse:
    """Show what the viewer owes, and what they completed."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        rows = list(Employee.objects.filter(person_id=viewer.person_id).order_by("-hired_on")[:1])
        today = day_of(District.objects.get(pk=rows[0].district_id), now) if rows else now.date()
        lines = queries.lines_of(rows, today)
        done = list(Completion.objects.filter(employee__in=rows).order_by("-completed_on", "-pk"))
        rules = queries.rules_of(District.objects.get(pk=rows[0].district_id)) if rows else ()
    context = {"rows": rows, "lines": lines, "done": done, "rules": rules}
    return render(request, "training/own.html", context)


@require_GET
@requires(TrainingRight.COUNT)
def counts(request: HttpRequest) -> HttpResponse:
    """Show a monitor how many are employed and late by school, and nobody's name."""
    with viewing(viewer_of(request)):
        rows = queries.monitored_counts()
    return render(request, "training/counts.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@requires(TrainingRight.KEEP_LEDGER)
def employees(request: HttpRequest) -> HttpResponse:
    """Read a personnel file in."""
    return import_page(
        request,
        title=gettext("Import employees"),
        lead=gettext(
            "A table with one employee per row, with an account or without. Someone with the same"
            " staff number is updated. Who is not in the file stays; a day in left_on ends what"
            " they owe. Names and addresses are sealed."
        ),
        columns=COLUMNS,
        judge=judge_employees,
        save=import_employees,
        then="training:ledger",
    )
