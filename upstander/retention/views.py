"""The retention page: how long what is kept, what is held, and what goes once two agree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from upstander.base.refused import Refused
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.roles import Role, TeamKind
from upstander.people.scope import Viewer, viewing
from upstander.places.law import law_of
from upstander.places.models import District
from upstander.retention import actions
from upstander.retention.models import Item
from upstander.retention.queries import SHOWN, districts_of, forgetting_holds, kept_for
from upstander.retention.rights import KeepingRight
from upstander.ui.fields import Words
from upstander.ui.forms import DayField
from upstander.ui.press import refusal_on, refusal_told

#: (act, what its button says, how it looks)
_FIRST = (("propose", gettext_lazy("Propose to destroy"), "secondary"),)
_SECOND = (
    ("agree", gettext_lazy("Approve: destroy"), "danger"),
    ("stop", gettext_lazy("Stop"), "secondary"),
)


class HoldForm(forms.Form):
    """What must be kept, why, and until when."""

    of = forms.ChoiceField(choices=(("matter", ""), ("school", ""), ("district", "")))
    school = forms.IntegerField(label=gettext_lazy("School"), required=False)
    reference = Words(label=gettext_lazy("Its reference"), required=False, max_length=20)
    reason = Words(label=gettext_lazy("Why"), max_length=2000, widget=forms.Textarea)
    until = DayField(label=gettext_lazy("Until, if it has an end"), required=False)


@require_GET
@requires(KeepingRight.KEEP_RECORDS)
def retention(request: HttpRequest) -> HttpResponse:
    """Show one district's rules, holds, and what is due to go."""
    return _page(request, request.GET.get("district", ""))


def _page(request: HttpRequest, asked: str, hold: HoldForm | None = None) -> HttpResponse:
    """Show a district's page; ``hold``: one that was refused, with what was typed."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        districts = districts_of(viewer)
        district = _chosen(districts, asked)
        kept = kept_for(viewer, district, now)
        holds = forgetting_holds()
    context = {
        "district": district,
        "districts": districts,
        "kept": kept,
        "forgetting_holds": holds,
        "due": kept.lines[Item.State.DUE],
        "proposed": kept.lines[Item.State.PROPOSED],
        "agreed": kept.lines[Item.State.AGREED],
        "shown": SHOWN,
        "me": viewer.person_id,
        "proposes": viewer.kind is not TeamKind.ADMINISTRATION,
        "sets": Role.ADMINISTRATOR in viewer.roles,
        "first_acts": _FIRST if viewer.kind is not TeamKind.ADMINISTRATION else (),
        "second_acts": _SECOND,
        "stop_acts": _SECOND[1:],
        "file": law_of(district).retention.file,
        "hold": hold,
    }
    return render(request, "retention/page.html", context, status=422 if hold else 200)


@require_POST
@requires(KeepingRight.KEEP_RECORDS)
def hold(request: HttpRequest) -> HttpResponse:
    """Place a hold."""
    viewer = viewer_of(request)
    district = _district(viewer, request)
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _page(request, str(district.pk), form)
    said = form.cleaned_data
    if (said["of"] == "matter" and not said["reference"]) or (
        said["of"] == "school" and not said["school"]
    ):
        form.add_error(None, _("Say which one: the reference of a tip or case, or the school."))
        return _page(request, str(district.pk), form)
    until = None
    if said["until"]:
        zone = ZoneInfo(district.time_zone)
        until = datetime.combine(said["until"] + timedelta(days=1), time(), zone)
    with refusal_on(form):
        actions.place_hold(
            viewer,
            district.pk,
            reason=said["reason"],
            school_id=said["school"] if said["of"] == "school" else None,
            reference=said["reference"] if said["of"] == "matter" else "",
            until=until,
        )
        messages.success(request, _("The hold is in place. Nothing will be destroyed."))
        return _back(district.pk)
    return _page(request, str(district.pk), form)


@require_POST
@requires(KeepingRight.KEEP_RECORDS)
def lift(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Lift a hold."""
    lifted = actions.lift_hold(viewer_of(request), hold_id)
    messages.success(request, _("The hold was lifted."))
    return _back(lifted.district_id)


@require_POST
@requires(Permission.CONFIRM_RULES)
def years(request: HttpRequest) -> HttpResponse:
    """Set how many years a schedule says: an administrator's."""
    viewer = viewer_of(request)
    district, typed = _district(viewer, request), request.POST.get("years", "").strip()
    number = int(typed) if typed.isdecimal() and len(typed) < 4 else None
    if typed and number is None:
        messages.error(request, _("Enter a number of years, or leave it empty to keep everything."))
        return _back(district.pk)
    return _done(
        request,
        district,
        lambda: actions.set_years(viewer, district.pk, request.POST.get("rule", ""), number),
        _("Set."),
    )


@require_POST
@requires(KeepingRight.KEEP_RECORDS)
def items(request: HttpRequest) -> HttpResponse:
    """Propose, agree or stop, for the items that are ticked."""
    viewer = viewer_of(request)
    district = _district(viewer, request)
    act = {"propose": actions.propose, "agree": actions.agree, "stop": actions.stop}.get(
        request.POST.get("act", "")
    )
    if act is None:
        messages.error(request, _("Nothing was done. Press one of the buttons."))
        return _back(district.pk)
    ticked = [_id(text) for text in request.POST.getlist("item")[:SHOWN]]
    said = {
        actions.propose: _("proposed: a second person must approve"),
        actions.agree: _("approved: destroyed after a day unless someone stops it"),
        actions.stop: _("stopped"),
    }[act]
    with refusal_told(request):
        moved = act(viewer, [one for one in ticked if one is not None])
        if not moved:
            raise Refused(_("You can’t do this with any of the selected records."))
        messages.success(request, f"{moved} {said}.")
    return _back(district.pk)


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _done(
    request: HttpRequest, district: District, act: Callable[[], object], said: str
) -> HttpResponse:
    with refusal_told(request):
        act()
        messages.success(request, said)
    return _back(district.pk)


def _back(district_id: int) -> HttpResponse:
    return redirect(f"/retention?district={district_id}")


def _district(viewer: Viewer, request: HttpRequest) -> District:
    """Return the district that a form is about, the first if it names none. Raises Http404."""
    with viewing(viewer):
        districts = districts_of(viewer)
    sent = request.POST.get("district", "")
    for district in districts:
        if not sent or str(district.pk) == sent:
            return district
    raise Http404


def _chosen(districts: list[District], asked: str) -> District:
    """Return the district that was asked for, the first one otherwise. Raises Http404: none."""
    for district in districts:
        if str(district.pk) == asked:
            return district
    if not districts:
        raise Http404
    return districts[0]
