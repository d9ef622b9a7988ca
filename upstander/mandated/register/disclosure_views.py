"""Pages on which somebody who hires is answered: asked, decided by two, given as a letter."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from upstander.base.refused import Refused
from upstander.mandated.register import queries
from upstander.mandated.register.actions import deciding, disclosing
from upstander.mandated.register.forms import (
    DecisionForm,
    QuestionForm,
)
from upstander.mandated.register.models import Entry
from upstander.mandated.register.rights import RegisterRight
from upstander.mandated.register.views import id_or_none, places_of, rule_here
from upstander.matters.folders import FolderShut
from upstander.people.models import Person
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.places.models import District
from upstander.ui.press import refusal_on


@require_http_methods(["GET", "POST"])
@requires(RegisterRight.KEEP_REGISTER)
def disclosures(request: HttpRequest) -> HttpResponse:
    """Answer somebody who hires: look, choose what is about the person, keep the letter."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        districts, schools = places_of(viewer)
        given = queries.disclosures_page()
        zones = District.objects.filter(pk__in=[pk for pk, _name in districts])
        zone = zones.values_list("time_zone", flat=True).first() or "UTC"
    bound = request.POST if request.method == "POST" else None
    today = now.astimezone(ZoneInfo(zone)).date()
    form = QuestionForm(bound, districts=districts, schools=schools, today=today)
    lines: list[disclosing.Allegation] | None = None
    unnamed: list[Entry] = []
    clear = True
    told: list[UUID] = []
    reasons: dict[UUID, str] = {}
    if bound is not None and form.is_valid():
        data = form.cleaned_data
        question = disclosing.Question(
            data["district"],
            data["name"],
            data["asker"],
            data["reason"],
            data["asked_on"],
            data["school"],
            data["worked_from"],
            data["worked_until"],
            data["others"],
        )
        if "answer" in bound:
            told = [one for one in map(id_or_none, bound.getlist("told")) if one]
            reasons = {
                entry: bound[name][:2000]
                for name in bound
                if name.startswith("why_") and (entry := id_or_none(name.removeprefix("why_")))
            }
        with refusal_on(form):
            if "answer" in bound:
                disclosure_id = disclosing.answer(viewer, question, told, reasons)
                messages.success(request, gettext("Saved. Its status is shown below."))
                return redirect(f"{request.path}#a{disclosure_id}")
        with refusal_on(form):
            lines = disclosing.look(viewer, question)
            unnamed = disclosing.unsettled(viewer, question)
            clear = disclosing.is_clear(viewer, question, unnamed)
    rule = rule_here(viewer)
    return render(
        request,
        "register/disclosures.html",
        {
            "form": form,
            "lines": None
            if lines is None
            else [(line, line.entry_id in told, reasons.get(line.entry_id, "")) for line in lines],
            "unnamed": unnamed,
            "not_clear": "" if clear else disclosing.NOT_CLEAR,
            "given": [
                (
                    row,
                    who,
                    queries.answer_due(row.asked_on, rule),
                    deciding.standing(row),
                )
                for row, who in given
            ],
            "rule": rule,
        },
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@requires(RegisterRight.KEEP_REGISTER)
def disclosure(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """Show what an answer tells and leaves out, and why; a second person agrees, or doesn't."""
    viewer = viewer_of(request)
    try:
        purpose = "decide" if request.method == "POST" else "read"
        opened = deciding.open_disclosure(viewer, disclosure_id, purpose=purpose)
    except FolderShut:
        return render(request, "mandated/shut.html", status=403)
    form = DecisionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusal_on(form, "why"):
            agrees = request.POST.get("agree") == "yes"
            deciding.decide(opened, agrees=agrees, why=form.cleaned_data["why"])
            said = gettext("Saved: the letter can be downloaded.") if agrees else gettext("Saved.")
            messages.success(request, said)
            return redirect("register:disclosure", disclosure_id=disclosure_id)
    state = deciding.standing(opened.row)
    with viewing(viewer):
        writer = Person.objects.filter(pk=opened.row.person_id).first()
    return render(
        request,
        "register/disclosure.html",
        {
            "opened": opened,
            "state": state,
            "writer": writer.name if writer else "",
            "form": form,
            "decides": state == "waits" and opened.row.person_id != viewer.person_id,
        },
        status=422 if form.errors else 200,
    )


@require_GET
@requires(RegisterRight.KEEP_REGISTER)
def letter(request: HttpRequest, disclosure_id: UUID) -> HttpResponse:
    """Give an answer to somebody who hires as a dated letter."""
    try:
        pdf = deciding.letter(viewer_of(request), disclosure_id)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("register:disclosure", disclosure_id=disclosure_id)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="answer-{str(disclosure_id)[:8]}.pdf"',
            "Cache-Control": "no-store",
        },
    )
