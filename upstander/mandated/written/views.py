"""The written report's page: fill in, sign, send; and its files."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.base.refused import Refused
from upstander.cleaning.kinds import Kind
from upstander.mandated.access import duty_for
from upstander.mandated.actions.confirming import as_it_stands
from upstander.mandated.actions.duties import open_duty, own_or_404, send_written
from upstander.mandated.keep_out_form import ask_whom
from upstander.mandated.queries import rows_of
from upstander.mandated.rights import DutyRight
from upstander.mandated.written import actions
from upstander.mandated.written.actions import Signed, Writing, form_in_use, form_of, reports_of
from upstander.mandated.written.evidence import MOST_BYTES, proof_for, proofs_of
from upstander.mandated.written.forms import ProofForm, ReportForm, SentForm
from upstander.mandated.written.models import AgencyPdf
from upstander.mandated.written.paper import proof_pdf
from upstander.mandated.written.pdf import agency_pdf, report_pdf
from upstander.matters.folders import FolderShut
from upstander.people.permissions import Permission, may, requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District
from upstander.tips.files import download_headers
from upstander.tips.storage import NotStored
from upstander.tips.uploads import InMemoryOnly
from upstander.ui.moments import day_words, second_words
from upstander.ui.press import asking, refusal_on


@require_http_methods(["GET", "POST"])
@requires(DutyRight.OWN_DUTY)
@asking
def report(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Show a duty's written report: its owner fills it in and signs, an office reads it."""
    viewer = viewer_of(request)
    if request.method == "GET":
        return _page(request, duty_id)
    with viewing(viewer):
        own_or_404(viewer, duty_for(viewer, duty_id))
    writing = actions.open_writing(viewer, duty_id)
    form = ReportForm(request.POST, form=writing.form)
    if not form.is_valid():
        return _page(request, duty_id, report=form, status=422)
    if writing.duty.written_at is not None:
        messages.error(request, gettext("It was sent: what was signed can’t be changed."))
        return redirect("written:report", duty_id=duty_id)
    actions.keep_draft(
        writing,
        form.values(),
        seen=form.marks() if "seen" in request.POST else None,
        take=request.POST.getlist("take"),
        leave=request.POST.getlist("leave"),
    )
    if "sign" not in request.POST:
        messages.success(request, gettext("Saved. Only you can read it until you sign."))
        return redirect("written:report", duty_id=duty_id)
    # What is signed is read by the offices; the copy goes to the head of the school.
    ask_whom(request, viewer, duty_id, "sign")
    with refusal_on(form, "typed"):
        actions.sign_report(
            actions.open_writing(viewer, duty_id, purpose="sign"), form.cleaned_data["typed"]
        )
        messages.success(request, gettext("Signed. Download the PDF and send it; then record how."))
        return redirect(f"{request.path}#signed")
    return _page(request, duty_id, report=form, status=422)


@csrf_exempt
def sent(request: HttpRequest, duty_id: UUID) -> HttpResponseBase:
    """Keep how the report was sent, with a file that proves it; no upload touches a disk."""
    # Before anything reads the body, the check against forgery among it: hence two decorators.
    request.upload_handlers = [InMemoryOnly(request, most=MOST_BYTES + 100_000)]
    return _sent(request, duty_id)


@csrf_exempt
def add(request: HttpRequest, duty_id: UUID) -> HttpResponseBase:
    """Add what proves a report, a file among it; no upload touches a disk."""
    request.upload_handlers = [InMemoryOnly(request, most=MOST_BYTES + 100_000)]
    return _add(request, duty_id)


@csrf_protect
@require_POST
@requires(Permission.SUSPECT)
@asking
def _add(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    with viewing(viewer):
        own_or_404(viewer, duty_for(viewer, duty_id))
    form = ProofForm(request.POST, request.FILES)
    if form.is_valid():
        ask_whom(request, viewer, duty_id, "proof")
        with refusal_on(form):
            try:
                actions.add_proof(
                    viewer, duty_id, words=form.words(), proof=form.cleaned_data["file"]
                )
            except NotStored as error:
                full = gettext("There is no room for this file. Try without it.")
                raise Refused(full, problems={"file": full}) from error
            messages.success(request, gettext("Saved with the report."))
            return redirect("mandated:duty", duty_id=duty_id)
    return _page(request, duty_id, added=form, status=422)


add.permission = Permission.SUSPECT  # type: ignore[attr-defined]


@csrf_protect
@require_POST
@requires(DutyRight.OWN_DUTY)
@asking
def _sent(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    viewer = viewer_of(request)
    with viewing(viewer):
        duty = duty_for(viewer, duty_id)
        own_or_404(viewer, duty)
        zone = District.objects.get(pk=duty.district_id).time_zone
    form = SentForm(request.POST, request.FILES, zone=zone)
    if form.is_valid():
        ask_whom(request, viewer, duty_id, "sent")
        with refusal_on(form):
            try:
                send_written(
                    viewer,
                    duty_id,
                    at=form.cleaned_data["at"],
                    words=form.words(),
                    proof=form.cleaned_data["file"],
                )
            except NotStored as error:
                full = gettext("There is no room for this file. Try without it.")
                raise Refused(full, problems={"file": full}) from error
            with viewing(viewer) as now:
                unproved = bool(rows_of([duty_for(viewer, duty_id)], now)[0].lacks)
            if unproved:
                messages.warning(
                    request, gettext("Saved. Both reports are made; what proves them is missing.")
                )
            else:
                messages.success(
                    request, gettext("Saved. Both reports are made: your duty is done.")
                )
            return redirect("mandated:duty", duty_id=duty_id)
    return _page(request, duty_id, sent=form, status=422)


sent.permission = DutyRight.OWN_DUTY  # type: ignore[attr-defined]


def _page(
    request: HttpRequest,
    duty_id: UUID,
    *,
    report: ReportForm | None = None,
    sent: SentForm | None = None,
    added: ProofForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_of(request)
    try:
        duty, folder = open_duty(viewer, duty_id, purpose="written report")
    except FolderShut:
        return render(request, "mandated/shut.html", status=403)
    mine = duty.person_id == viewer.person_id
    form = form_of(duty)
    writing: Writing | None = None
    if mine and form is not None and duty.written_at is None:
        writing = actions.open_writing(viewer, duty_id)
    with viewing(viewer) as now:
        row = rows_of([duty], now)[0]
        zone = District.objects.get(pk=duty.district_id).time_zone
        context: dict[str, Any] = {
            "row": row,
            "duty": duty,
            "mine": mine,
            "form": as_it_stands(form.file, form) if form is not None else None,
            "writing": writing,
            "agency_pdf": form is not None and _mapped(form_in_use(form)),
            "signed": reports_of(folder, duty_id),
            "evidence": proofs_of(folder, duty_id),
        }
    if writing is not None:
        context["report"] = report or ReportForm(
            form=writing.form, values=writing.values, seen=writing.seen
        )
        context["changed"] = writing.changed
        context["missing"] = writing.form.missing(writing.values)
        # The app above fills in what the center assessed (triage/written.py).
        context["assessed"] = duty.tip_id is not None and may(viewer, Permission.WORK_TIPS)
    if mine and row.lacks:
        context["add"] = added or ProofForm()
    if mine and duty.first_at is not None and duty.written_at is None:
        context["sent"] = sent or SentForm(zone=zone, initial={"at": now})
    return render(request, "written/report.html", context, status=status)


@require_GET
@requires(DutyRight.OWN_DUTY)
def draft_pdf(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Give the draft as a PDF that says it is one; to its owner alone."""
    viewer = viewer_of(request)
    writing = actions.open_writing(viewer, duty_id, purpose="print")
    with viewing(viewer) as now:
        zone = District.objects.get(pk=writing.duty.district_id).time_zone
    return _pdf(report_pdf(writing.form, writing.values, now=now, zone=zone), "draft")


@require_GET
@requires(DutyRight.OWN_DUTY)
def signed_pdf(request: HttpRequest, duty_id: UUID, report_id: UUID) -> HttpResponse:
    """Give a signed report as a tagged PDF, in our own layout."""
    one, zone, _template = _open_signed(viewer_of(request), duty_id, report_id)
    pdf = report_pdf(
        one.form,
        one.values,
        now=one.at,
        zone=zone,
        signed=one.text,
        typed=one.typed,
        account=one.account,
        digest=one.digest,
        at=one.at,
    )
    return _pdf(pdf, f"report-{one.number}")


@require_GET
@requires(DutyRight.OWN_DUTY)
def filled_pdf(request: HttpRequest, duty_id: UUID, report_id: UUID) -> HttpResponse:
    """Give a signed report in the agency's own form, filled in."""
    one, zone, template = _open_signed(viewer_of(request), duty_id, report_id)
    if template is None or not template.fields:
        raise Http404
    local = ZoneInfo(zone)
    signed = gettext("%(name)s (signed electronically, %(moment)s)") % {
        "name": one.typed,
        "moment": second_words(one.at, local),
    }
    pdf = agency_pdf(
        bytes(template.pdf),
        template.fields,
        one.form,
        one.values,
        signed=one.text,
        signature=signed,
        signed_on=day_words(one.at.astimezone(local)),
    )
    return _pdf(pdf, f"{one.form.key}-{one.number}")


@require_GET
@requires(DutyRight.OWN_DUTY)
def evidence(request: HttpRequest, duty_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Give a file that proves the sending, as it came; it is only ever saved, never shown."""
    viewer = viewer_of(request)
    _duty, folder = open_duty(viewer, duty_id, purpose="proof of sending")
    with viewing(viewer):
        kept, content = proof_for(folder, duty_id, evidence_id)
    about = {"kind": Kind.OTHER.value, "content_type": "", "name": kept.name}
    return HttpResponse(b"".join(content), headers=download_headers(about))


@require_GET
@requires(Permission.PROVE_DUTIES)
def proof(request: HttpRequest, duty_id: UUID) -> HttpResponse:
    """Give a duty's proof: times, hashes and the record's proofs in one PDF, without names."""
    return _pdf(proof_pdf(viewer_of(request), duty_id), f"proof-{str(duty_id)[:8]}")


def _open_signed(
    viewer: Viewer, duty_id: UUID, report_id: UUID
) -> tuple[Signed, str, AgencyPdf | None]:
    """Return a signed report, its district's time zone, and the agency's own form if there is one.

    The opening is in the record. Raises Http404, and as open_folder.
    """
    duty, folder = open_duty(viewer, duty_id, purpose="signed report")
    with viewing(viewer):
        found = [one for one in reports_of(folder, duty_id) if one.id == report_id]
        if not found:
            raise Http404
        zone = District.objects.get(pk=duty.district_id).time_zone
        return found[0], zone, form_in_use(found[0].form)


def _mapped(template: AgencyPdf | None) -> bool:
    return template is not None and bool(template.fields)


def _pdf(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(True, f"{name}.pdf") or "attachment",
            "Cache-Control": "no-store",
        },
    )
