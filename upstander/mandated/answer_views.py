"""Answers to "do you suspect?", on a tip's and on a case's page, and for the file by an office."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from upstander.base.refused import Refused
from upstander.cases.actions.opening import OpenCase, open_the_case
from upstander.cases.questioning import (
    ask_questioned,
    ask_questioned_at_center,
    ask_questioned_of_team,
)
from upstander.cases.views import read_to
from upstander.mandated.actions import answers, for_file
from upstander.mandated.rights import DutyRight
from upstander.matters.folders import FolderShut
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.roles import TeamKind
from upstander.people.scope import viewing
from upstander.places.models import District, School
from upstander.tips.actions.writing import save_draft
from upstander.tips.opening import NotGranted, OpenTip, open_tip
from upstander.ui.press import asking, refusal_told


@require_POST
@requires(Permission.OPEN_TIPS)
@asking
def suspicion(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Keep "no, and why", or that one has read another's; a yes begins one's own report."""
    if request.POST.get("suspects") == "yes":
        return redirect(f"/suspect?tip={tip_id}")
    with refusal_told(request):
        try:
            opened = open_tip(viewer_of(request), tip_id, purpose="answer")
        except NotGranted:
            # They may know of the tip and not read it: nobody asks them about its words.
            return redirect(f"/tips/{tip_id}")
        _answer(request, opened)
    return redirect(f"/tips/{tip_id}#suspicion")


@require_POST
@requires(Permission.WORK_CASES)
@asking
def suspicion_of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Keep the same of a case."""
    if request.POST.get("suspects") == "yes":
        return redirect(f"/suspect?case={case_id}")
    with refusal_told(request):
        try:
            opened = open_the_case(viewer_of(request), case_id, purpose="answer")
        except FolderShut:
            return render(request, "cases/shut.html", status=403)
        _answer(request, opened)
    return redirect(f"/cases/{case_id}#suspicion")


def _answer(request: HttpRequest, opened: OpenTip | OpenCase) -> None:
    of = request.POST.get("of", "")
    if of:
        agrees = request.POST.get("agrees") == "yes"
        try:
            answer_id = UUID(of)
        except ValueError as error:
            raise Http404 from error
        answers.read_answer(opened, answer_id, agrees=agrees)
        messages.success(
            request,
            gettext("Saved: their “no” counts.")
            if agrees
            else gettext("Saved: their “no” does not count, and they are asked again."),
        )
        return
    why = request.POST.get("why", "")[:2000]
    if isinstance(opened, OpenCase):
        ask_questioned(request, opened, "suspicion")
    elif opened.viewer.kind is TeamKind.CENTER:
        ask_questioned_at_center(request, opened.viewer, opened.tip, why)
    else:
        ask_questioned_of_team(request, opened.viewer, opened.tip, "suspicion")
    try:
        answers.answer_suspicion(
            opened, suspects=False, why=why, duty_id=None, read_to=read_to(request)
        )
    except Refused as refused:
        if isinstance(opened, OpenCase) or not why.strip():
            raise
        # Words that were typed are not lost with a page that was too old.
        save_draft(opened, "note", why)
        raise Refused(
            gettext("%(refused)s What you wrote stands in the note’s box.") % {"refused": refused}
        ) from None
    messages.success(
        request,
        gettext(
            "Saved. It counts once a second person has read it. If it changes, press “I "
            "suspect” at any time."
        ),
    )


@require_http_methods(["GET", "POST"])
@requires(DutyRight.ANSWER_FOR_FILE)
def for_the_file(request: HttpRequest) -> HttpResponse:
    """Show whose answers are missing and have come to the viewer, and answer for the file."""
    viewer = viewer_of(request)
    if request.method == "POST":
        with refusal_told(request):
            asked = request.POST.get("asked", "")
            if not asked.isdecimal() or len(asked) > 18:
                raise Refused(gettext("Choose whose answer it is."))
            for_file.answer_for_file(viewer, int(asked), request.POST.get("ground", ""))
            messages.success(
                request, gettext("Saved. The record still shows that they did not answer.")
            )
        return redirect("mandated:for_file")
    with viewing(viewer) as now:
        rows = for_file.owed(viewer)
        schools = dict(School.objects.values_list("pk", "name"))
        districts = dict(District.objects.values_list("pk", "name"))
    shown = [
        {"one": one, "where": schools.get(one.school_id or 0) or districts.get(one.district_id, "")}
        for one in rows
    ]
    return render(request, "mandated/for_file.html", {"rows": shown, "now": now})
