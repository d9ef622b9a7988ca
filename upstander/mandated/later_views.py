"""What is written down on a duty's page after the first report, and the answer on a tip's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from upstander.base.refused import Refused
from upstander.mandated import actions, answers, deadlines, granting
from upstander.mandated.access import duty_for
from upstander.mandated.forms import MomentForm
from upstander.mandated.keep_out_form import keep_out_form
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.unfiled import file_again
from upstander.mandated.views import DUTY_PAGE
from upstander.places.models import District
from upstander.places.permissions import Permission, requires, viewer_of
from upstander.places.scope import Viewer, viewing
from upstander.tips.opening import NotGranted, open_tip
from upstander.ui.press import Said, filled, refusal_told, refused_as


def _moment(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> tuple[MomentForm, Duty]:
    """Return the bound form of a time and words, in the district's time, and the duty."""
    with viewing(viewer):
        duty = duty_for(viewer, duty_id)
        zone = District.objects.values_list("time_zone", flat=True).get(pk=duty.district_id)
    return MomentForm(request.POST, zone=zone), duty


@DUTY_PAGE.act
def correct(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Correct the typed time of the first report; both stand."""
    form, duty = _moment(request, viewer, duty_id)
    actions.own_or_404(viewer, duty)
    filled("correct", form)
    with refused_as("correct", form):
        actions.correct_first(viewer, duty_id, at=form.cleaned_data["at"], words=form.kept())
    return Said(
        gettext("Kept. Both times stand, and the written report’s clock runs from this one.")
    )


@DUTY_PAGE.act
def file(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """File in the register what nobody there could read when the duty began."""
    file_again(viewer, duty_id)
    return Said("Kept: the allegation is in the register. Your own report goes on as before.")


@DUTY_PAGE.act
def event(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Keep that somebody was suspended, or that an investigation has ended."""
    form, _duty = _moment(request, viewer, duty_id)
    if not deadlines.OF_AN_OFFICE & viewer.roles:
        raise Refused("An office writes that down.")
    filled("event", form)
    with refused_as("event", form):
        try:
            kind = DutyEvent.Kind(request.POST.get("kind", ""))
        except ValueError as error:
            raise Refused("Choose what happened.") from error
        deadlines.note_event(viewer, duty_id, kind, at=form.cleaned_data["at"], words=form.kept())
    return Said(gettext("Kept. What is due next stands below, with its time."))


@DUTY_PAGE.act
def meet(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Keep that something that fell due later was done."""
    form, _duty = _moment(request, viewer, duty_id)
    filled("meet", form)
    with refused_as("meet", form):
        try:
            deadline = UUID(request.POST.get("deadline", ""))
        except ValueError as error:
            raise Refused("Choose what is done.") from error
        deadlines.meet_deadline(
            viewer, duty_id, deadline, at=form.cleaned_data["at"], words=form.kept()
        )
    return Said(gettext("Kept."))


@DUTY_PAGE.act
def keep_out(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Keep somebody out from now on."""
    with viewing(viewer):
        form = keep_out_form(viewer, duty_for(viewer, duty_id), request.POST)
    if form is None:
        raise Http404
    filled("keep_out", form)
    with refused_as("keep_out", form):
        granting.keep_out_later(
            viewer, duty_id, form.cleaned_data["people"], form.cleaned_data["why"]
        )
    return Said("Kept out, from now on and everywhere.")


@DUTY_PAGE.act
def known(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Say that it is about nobody in the school's office, which sees it from now on."""
    granting.say_known(viewer, duty_id)
    return Said("Kept. The school’s office sees it from now on.")


@require_POST
@requires(Permission.OPEN_TIPS)
def suspicion(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Keep "no, and why", or go on to begin one's own report: that is what a yes is."""
    viewer = viewer_of(request)
    if request.POST.get("suspects") == "yes":
        return redirect(f"/suspect?tip={tip_id}")
    why = request.POST.get("why", "")[:2000]
    with refusal_told(request):
        try:
            opened = open_tip(viewer, tip_id, purpose="answer")
        except NotGranted:
            # They may know of the tip and not read it: nobody asks them about its words.
            return redirect(f"/tips/{tip_id}")
        answers.answer_suspicion(opened, suspects=False, why=why, duty_id=None)
        messages.success(request, gettext("Kept. If that changes, press “I suspect” at any time."))
    return redirect(f"/tips/{tip_id}#suspicion")
