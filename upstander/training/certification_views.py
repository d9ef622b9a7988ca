"""Signing for a year, and what was signed: a page, a file, a PDF; and a later finding."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from upstander.mandated.written.layout import day_of, set_pdf
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.places.models import District, School
from upstander.training.access import certification_for
from upstander.training.actions.certifying import certify_district, certify_school, outdate
from upstander.training.forms import FindingForm, StatementForm
from upstander.training.models import Certification
from upstander.training.queries import STATES
from upstander.training.rights import TrainingRight
from upstander.ui.moments import second_words
from upstander.ui.press import refusal_told


@require_POST
@requires(TrainingRight.CERTIFY)
def certify(request: HttpRequest, school_id: int) -> HttpResponse:
    """Sign for a school, with everybody who is late."""
    form = StatementForm(request.POST)
    with refusal_told(request):
        words = form.cleaned_data["statement"] if form.is_valid() else ""
        made = certify_school(viewer_of(request), school_id, words)
        messages.success(request, gettext("Signed. The superintendent sees it now."))
        return redirect("training:certification", made)
    return redirect("training:school", school_id)


@require_POST
@requires(TrainingRight.SIGN)
def sign(request: HttpRequest, district_id: int) -> HttpResponse:
    """Sign for the district what its schools signed."""
    form = StatementForm(request.POST)
    with refusal_told(request):
        words = form.cleaned_data["statement"] if form.is_valid() else ""
        made = certify_district(viewer_of(request), district_id, words)
        messages.success(request, gettext("Signed. Download it, and file it where the law asks."))
        return redirect("training:certification", made)
    return redirect("training:district", district_id)


@require_GET
@requires(TrainingRight.SEE_LEDGER)
def certification(request: HttpRequest, certification_id: int) -> HttpResponse:
    """Show what was signed, and what was found since."""
    row, place, _ = _read(request, certification_id)
    said = json.loads(row.list)
    for line in said["list"]:
        line["words"] = str(STATES[line["state"]])
    context = {
        "row": row,
        "place": place,
        "said": said,
        "digest": bytes(row.list_digest).hex(),
        "late": len(row.late_ids),
        "findings": list(row.findings.all()),
        "form": FindingForm(),
    }
    return render(request, "training/certification.html", context)


@require_POST
@requires(TrainingRight.SEE_LEDGER)
def find(request: HttpRequest, certification_id: int) -> HttpResponse:
    """Keep what was found later."""
    with refusal_told(request):
        outdate(viewer_of(request), certification_id, request.POST.get("words", "")[:2000])
        messages.success(request, gettext("Noted. This certification stands no more."))
    return redirect("training:certification", certification_id)


@require_GET
@requires(TrainingRight.SEE_LEDGER)
def certification_csv(request: HttpRequest, certification_id: int) -> HttpResponse:
    """Give the signed list as a file."""
    row, _, _ = _read(request, certification_id)
    said = json.loads(row.list)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="training-{row.year}-{row.pk}.csv"'
    out = csv.writer(response)
    if said["schools"]:
        out.writerow(["school", "signed_on", "employees", "late", "digest"])
        out.writerows(list(map(_cell, one.values())) for one in said["schools"])
    out.writerow(["name", "job", "course", "due_on", "state", "days"])
    out.writerows(list(map(_cell, one.values())) for one in said["list"])
    return response


@require_GET
@requires(TrainingRight.SEE_LEDGER)
def certification_pdf(request: HttpRequest, certification_id: int) -> HttpResponse:
    """Give what was signed as a tagged PDF, with the signed list attached to the byte."""
    row, place, now = _read(request, certification_id)
    response = HttpResponse(_pdf(row, place, now), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="training-{row.year}-{row.pk}.pdf"'
    return response


def _read(request: HttpRequest, certification_id: int) -> tuple[Certification, Any, datetime]:
    with viewing(viewer_of(request)) as now:
        row = certification_for(certification_id)
        places: Any = School.objects if row.school_id else District.objects
        place = places.get(pk=row.school_id or row.district_id)
    return row, place, now


def _cell(value: object) -> object:
    """Keep a spreadsheet from taking what somebody is called for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t" and value else value


def _line(one: Mapping[str, Any]) -> list[str]:
    due = gettext("%(course)s, due %(day)s") % {"course": one["course"], "day": one["due_on"]}
    words = str(STATES[one["state"]])
    said = f"{words}: {due}" if one["course"] and one["due_on"] else words
    return [f"{one['name']} ({one['job']})", said]


def _school(one: Mapping[str, Any]) -> list[str]:
    if not one["signed_on"]:
        return [one["school"], gettext("has not signed")]
    words = gettext("signed on %(day)s: %(employees)s employees, %(late)s late")
    said = {"day": one["signed_on"], "employees": one["employees"], "late": one["late"]}
    return [one["school"], words % said]


def _pdf(row: Certification, place: Any, now: datetime) -> bytes:
    said, local = json.loads(row.list), ZoneInfo(place.time_zone)
    late = [_line(one) for one in said["list"] if one["state"] == "late"]
    rest = [_line(one) for one in said["list"] if one["state"] != "late"]
    nobody = [[gettext("Nobody"), gettext("Nobody is late.")]]
    sections = [
        (gettext("Schools"), [_school(one) for one in said["schools"]]),
        (gettext("Late on the day of the signature"), late or nobody),
        (gettext("Everybody else"), rest),
        (gettext("Note"), [[gettext("Note"), row.statement]] if row.statement else []),
    ]
    outdated = [
        gettext("Stands no more since %(moment)s. What was found: %(words)s")
        % {"moment": second_words(one.found_at, local), "words": one.words}
        for one in row.findings.all()
    ]
    data = {
        "title": gettext("Training of staff, school year %(year)s: %(place)s")
        % {"year": f"{row.year - 1}-{row.year}", "place": place.name},
        "subtitle": " ".join(outdated)
        or gettext("%(employees)s employees, %(late)s late.")
        % {"employees": row.employees, "late": len(row.late_ids)},
        "footer": place.name,
        "day": day_of(row.signed_at.astimezone(local)),
        "signed": True,
        "unsigned": "",
        "unprinted_words": gettext(
            "Signs that this print does not have are shown as [?]; the attached text has them."
        ),
        "column": gettext("Who"),
        "value": gettext("How they stand"),
        "unknown": gettext("not known"),
        "sections": [{"title": title, "rows": rows} for title, rows in sections if rows],
        "signature_title": gettext("Signature"),
        "signature": [
            gettext("Signed in as: %(account)s") % {"account": said["by"]},
            gettext("At: %(moment)s (the server's time)")
            % {"moment": second_words(row.signed_at, local)},
        ],
        "digest": f"SHA-256 {bytes(row.list_digest).hex()}",
        "check": gettext(
            "The signed list is attached to this PDF as signed-report.txt. Its SHA-256 is the one"
            " above, and stands in the system's sealed record."
        ),
        "back": [],
        "attached": gettext("The text that was signed, to the byte"),
    }
    return set_pdf("written.typ", data, {"text": row.list}, now=now)
