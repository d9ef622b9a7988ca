"""What is written down on a duty's page after the first report."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.mandated import deadlines
from upstander.mandated.access import duty_for
from upstander.mandated.actions import deadlines as later
from upstander.mandated.actions import duties as actions
from upstander.mandated.actions import granting
from upstander.mandated.actions.unfiled import file_again
from upstander.mandated.forms import MeetForm, MomentForm
from upstander.mandated.keep_out_form import keep_out_form
from upstander.mandated.models import Duty, DutyEvent
from upstander.mandated.views import DUTY_PAGE
from upstander.people.scope import Viewer, viewing
from upstander.places.models import District
from upstander.ui.press import Said, filled, refused_as


def _moment(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> tuple[MomentForm, Duty]:
    """Return the bound form of a time and words, in the district's time, and the duty."""
    zone, duty = _zone(viewer, duty_id)
    return MomentForm(request.POST, zone=zone), duty


def _zone(viewer: Viewer, duty_id: UUID) -> tuple[str, Duty]:
    """Return the time zone of a duty's district, and the duty. Raises Http404."""
    with viewing(viewer):
        duty = duty_for(viewer, duty_id)
        zone = District.objects.values_list("time_zone", flat=True).get(pk=duty.district_id)
    return zone, duty


@DUTY_PAGE.act
def correct(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Correct the typed time of the first report, or of the written one; both stand."""
    if request.POST.get("which") == "written":
        zone, duty = _zone(viewer, duty_id)
        actions.own_or_404(viewer, duty)
        form = filled("redate", MomentForm(request.POST, zone=zone, prefix="redate"))
        with refused_as("redate", form):
            at, words = form.cleaned_data["at"], form.kept()
            actions.redate_written(viewer, duty_id, at=at, words=words)
        return Said(gettext("Saved. Both times are kept."))
    form, duty = _moment(request, viewer, duty_id)
    actions.own_or_404(viewer, duty)
    filled("correct", form)
    with refused_as("correct", form):
        actions.correct_first(viewer, duty_id, at=form.cleaned_data["at"], words=form.kept())
    return Said(
        gettext("Saved. Both times are kept, and the written report’s clock runs from this one.")
    )


@DUTY_PAGE.act
def file(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """File in the register what nobody there could read when the duty began."""
    file_again(viewer, duty_id)
    return Said(
        gettext("Saved: the allegation is in the register. Your own report continues as before.")
    )


@DUTY_PAGE.act
def event(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Keep that somebody was suspended, or that an investigation has ended."""
    form, _duty = _moment(request, viewer, duty_id)
    if not deadlines.OF_AN_OFFICE & viewer.roles:
        raise Refused(gettext("Only an office can record that."))
    filled("event", form)
    with refused_as("event", form):
        try:
            kind = DutyEvent.Kind(request.POST.get("kind", ""))
        except ValueError as error:
            raise Refused(gettext("Choose what happened.")) from error
        later.note_event(viewer, duty_id, kind, at=form.cleaned_data["at"], words=form.kept())
    return Said(gettext("Saved. What is due next is shown below, with its time."))


@DUTY_PAGE.act
def meet(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Keep that something that fell due later was done."""
    form = MeetForm(request.POST, zone=_zone(viewer, duty_id)[0])
    filled("meet", form)
    with refused_as("meet", form):
        try:
            deadline = UUID(request.POST.get("deadline", ""))
        except ValueError as error:
            raise Refused(gettext("Choose what was done.")) from error
        later.meet_deadline(
            viewer,
            duty_id,
            deadline,
            at=form.cleaned_data["at"],
            words=form.kept(),
            homes=form.homes(),
        )
    return Said(gettext("Saved."))


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
            viewer,
            duty_id,
            form.cleaned_data["people"],
            form.cleaned_data["why"],
            suspects=bool(form.cleaned_data.get("suspects")),
        )
    return Said(gettext("Excluded from now on, everywhere."))


@DUTY_PAGE.act
def known(request: HttpRequest, viewer: Viewer, duty_id: UUID) -> Said:
    """Say that it is about nobody in the school's office, which sees it from now on."""
    granting.say_known(viewer, duty_id)
    return Said(gettext("Saved. The school’s office can see it from now on."))
