"""Calendars: shifts taken over from one, school days and hours of a district, a center's floor."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from upstander.base.refused import Refused
from upstander.oncall.access import center_to_keep, district_to_keep, team_to_plan
from upstander.oncall.actions import calendars as keeping
from upstander.oncall.actions.plans import import_shifts as take_over
from upstander.oncall.calendars import MOST_BYTES, Found, as_spans, days_in, shifts_in
from upstander.oncall.forms import DaysForm, FileForm, HoursForm, RegionForm
from upstander.oncall.forms_ways import FloorForm
from upstander.oncall.hours import CLOSES, OPENS
from upstander.oncall.models import Calendar, DayOff, Floor, QuietHours
from upstander.oncall.queries import plans
from upstander.oncall.rights import PlanRight
from upstander.oncall.rota import Span
from upstander.oncall.rules import FLOOR
from upstander.people.models import Person
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.ui.press import refusal_on, refusal_told

#: How long a preview may lie before it is confirmed, in seconds.
_PREVIEW = 3600


@require_http_methods(["GET", "POST"])
@requires(PlanRight.PLAN_ON_CALL)
def import_shifts(request: HttpRequest, team_id: int) -> HttpResponse:
    """Take over shifts from a calendar file: first shown, then taken over as shown.

    What was read goes through the browser, signed for this person and team: nothing of a file is
    kept before somebody has looked at it.
    """
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        team = team_to_plan(viewer, team_id)
        plan = plans([team_id], now, now + timedelta(seconds=1))[0]
        people = {
            one.pk: (one.name, one.email) for one in Person.objects.filter(pk__in=plan.members)
        }
    salt = f"oncall-import:{viewer.person_id}:{team_id}"
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form, "team": team, "found": None}
    if "shown" in request.POST:
        with refusal_told(request):
            spans = _shown_before(request.POST["shown"], salt)
            take_over(viewer, team_id, spans)
            messages.success(request, _("Shifts imported: %(len)s.") % {"len": len(spans)})
            return redirect("oncall:plan", team_id=team_id)
        return redirect("oncall:import", team_id=team_id)
    if request.method == "POST" and form.is_valid():
        with refusal_on(form, "file"):
            found = shifts_in(_read(request), plan.zone, people, now)
            spans = as_spans(found)
            context |= {
                "found": [_row(one, plan.zone, people) for one in found],
                "taken": len(spans),
                "left": len(found) - len(spans),
                "shown": signing.dumps(_packed(spans), salt=salt, compress=True),
            }
    return render(request, "oncall/import.html", context)


@require_http_methods(["GET", "POST"])
@requires(PlanRight.PLAN_ON_CALL)
def district(request: HttpRequest, district_id: int) -> HttpResponse:
    """A district's school calendar, and the hours in which it is told of what can wait."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        place = district_to_keep(district_id)
        own = QuietHours.objects.filter(district=place).first()
        calendar = Calendar.objects.filter(district=place).first()
    hours = HoursForm(
        _data(request, "hours"),
        initial={"opens": own.opens if own else OPENS, "closes": own.closes if own else CLOSES},
    )
    if hours.is_bound and hours.is_valid():
        with refusal_on(hours, "closes"):
            told = hours.cleaned_data
            keeping.set_hours(viewer, place.pk, told["opens"], told["closes"])
            messages.success(request, _("Saved."))
            return redirect("oncall:district", district_id=place.pk)
    done, forms = _calendar_forms(
        request, viewer, "district", place.pk, calendar, ZoneInfo(place.time_zone), now
    )
    if done:
        messages.success(request, done)
        return redirect("oncall:district", district_id=place.pk)
    context = {"place": place, "hours": hours, **forms, "days": _days(viewer, calendar, now)}
    return render(request, "oncall/place.html", context)


@require_http_methods(["GET", "POST"])
@requires(PlanRight.PLAN_ON_CALL)
def center(request: HttpRequest, center_id: int) -> HttpResponse:
    """A center's floor for life safety, and its own calendar."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        place = center_to_keep(center_id)
        own = {f.channel: f.after_seconds for f in Floor.objects.filter(center=place)}
        calendar = Calendar.objects.filter(center=place).first()
    floor = FloorForm(own or FLOOR, _data(request, "floor"))
    if floor.is_bound and floor.is_valid():
        with refusal_on(floor):
            keeping.set_floor(viewer, place.pk, floor.floor())
            messages.success(request, _("Saved. It applies to everyone from now on."))
            return redirect("oncall:center", center_id=place.pk)
    done, forms = _calendar_forms(
        request, viewer, "center", place.pk, calendar, ZoneInfo(place.time_zone), now
    )
    if done:
        messages.success(request, done)
        return redirect("oncall:center", center_id=place.pk)
    context = {"place": place, "floor": floor, **forms, "days": _days(viewer, calendar, now)}
    return render(request, "oncall/place.html", context)


def _calendar_forms(
    request: HttpRequest,
    viewer: Viewer,
    kind: str,
    place_id: int,
    calendar: Calendar | None,
    zone: ZoneInfo,
    now: datetime,
) -> tuple[str, dict[str, Any]]:
    """Handle the forms of a place's calendar; returns what was done in words, and the forms."""
    region = RegionForm(
        _data(request, "region"), initial={"region": calendar.region if calendar else "US"}
    )
    days, file = DaysForm(_data(request, "days")), FileForm(*_file(request, "file"))
    forms = {"region": region, "days_form": days, "file": file}
    with refusal_on(days) if days.is_bound else refusal_on(file, "file"):
        if region.is_bound and region.is_valid():
            keeping.set_region(viewer, kind, place_id, region.cleaned_data["region"])
            return _("Saved."), forms
        if days.is_bound and days.is_valid():
            keeping.add_days(viewer, kind, place_id, [days.days()])
            return _("Added."), forms
        if file.is_bound and file.is_valid():
            count = keeping.add_days(viewer, kind, place_id, days_in(_read(request), zone, now))
            return _("Days without school imported: %(count)s.") % {"count": count}, forms
        if (gone := request.POST.get("remove_day", "")).isdigit():
            keeping.remove_day(viewer, kind, place_id, int(gone[:12]))
            return _("Removed."), forms
    return "", forms


def _data(request: HttpRequest, form: str) -> Any:
    """Return what was sent for one of a page's forms, None if it was another's."""
    return request.POST if request.method == "POST" and request.POST.get("form") == form else None


def _file(request: HttpRequest, form: str) -> tuple[Any, Any]:
    data = _data(request, form)
    return data, request.FILES if data is not None else None


def _read(request: HttpRequest) -> bytes:
    """Return the file that was sent, one byte more than is taken at most."""
    return bytes(request.FILES["file"].read(MOST_BYTES + 1))  # type: ignore[union-attr]


def _days(viewer: Viewer, calendar: Calendar | None, now: datetime) -> list[DayOff]:
    if calendar is None:
        return []
    with viewing(viewer):
        since = (now - timedelta(days=1)).date()
        return list(DayOff.objects.filter(calendar=calendar, last__gte=since))


def _row(one: Found, zone: ZoneInfo, people: dict[int, tuple[str, str]]) -> dict[str, Any]:
    return {
        "title": one.title,
        "start": one.start.astimezone(zone),
        "end": one.end.astimezone(zone),
        "people": ", ".join(people[person][0] for person in one.people),
        "wrong": one.wrong,
    }


def _shown_before(packed: str, salt: str) -> list[Span]:
    """Return the shifts of a preview that this person was shown. Raises Refused (too old)."""
    try:
        return _unpacked(signing.loads(packed, salt=salt, max_age=_PREVIEW))
    except signing.BadSignature as error:
        raise Refused(_("This preview is too old. Choose the file again.")) from error


def _packed(spans: list[Span]) -> list[list[Any]]:
    return [[*s.people, int(s.start.timestamp()), int(s.end.timestamp())] for s in spans]


def _unpacked(rows: list[list[Any]]) -> list[Span]:
    return [Span(_at(start), _at(end), tuple(people)) for *people, start, end in rows]


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, ZoneInfo("UTC"))
