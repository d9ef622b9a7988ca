"""The administrator's pages of centers, districts, schools and tiles."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from upstander.administration.actions import places
from upstander.administration.forms.places import (
    CenterForm,
    DistrictForm,
    MonitorTeamForm,
    PoliceTeamForm,
    SchoolForm,
)
from upstander.administration.forms.tiles import TilesForm
from upstander.administration.own_phones import own_phones
from upstander.people import queries
from upstander.people.access import found
from upstander.people.actions import monitors
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.places.models import Center, District, School, TileChange
from upstander.ui.press import refusal_told


@require_GET
@requires(Permission.KEEP_PLACES)
def overview(request: HttpRequest) -> HttpResponse:
    """All centers with their districts and schools."""
    with viewing(viewer_of(request)):
        context = {"centers": queries.all_places()}
    return render(request, "administration/places.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def center(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a center."""
    viewer = viewer_of(request)
    with viewing(viewer):
        row = found(Center, pk) if pk else None
        form = CenterForm(_posted(request), instance=row)
        # Judged now: what it is compared with are rows that only this transaction sees.
        valid = request.method == "POST" and form.is_valid()
    if valid:
        places.save_center(viewer, form)
        return _saved(request)
    return _page(request, form, gettext("Crisis center"))


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def district(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a district."""
    viewer = viewer_of(request)
    with viewing(viewer):
        row = found(District, pk) if pk else None
        form = DistrictForm(_posted(request), instance=row)
        # Judged now: the choices are rows that only this transaction sees.
        valid = request.method == "POST" and form.is_valid()
        answer = None if valid else _page(request, form, gettext("District"), district=row)
    if answer is not None:
        return answer
    places.save_district(viewer, form)
    return _saved(request)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def school(request: HttpRequest, district_id: int, pk: int | None = None) -> HttpResponse:
    """Add or change a school of a district."""
    viewer = viewer_of(request)
    with viewing(viewer):
        of = found(District, district_id)
        row = found(School, pk) if pk else None
        own = own_phones(of)
    initial = None if row else {"time_zone": of.time_zone, "languages": of.languages}
    form = SchoolForm(_posted(request), instance=row, initial=initial, own=own)
    if request.method == "POST" and form.is_valid():
        with refusal_told(request):
            if places.save_school(viewer, form, of):
                said = gettext("It is called %(name)s until a supervisor of the center approves.")
                messages.info(request, said % {"name": form.instance.name})
            return _saved(request)
    return _page(request, form, gettext("School in %(name)s") % {"name": of.name}, school=row)


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def police_team(request: HttpRequest, district_id: int) -> HttpResponse:
    """Add a team of police contacts to a district, then go on to invite its first officer."""
    viewer = viewer_of(request)
    with viewing(viewer):
        of = found(District, district_id)
    form = PoliceTeamForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        team = places.add_police_team(viewer, of.pk, form.cleaned_data["name"].strip())
        messages.success(request, gettext("Added. Invite its first officer, who creates its key."))
        return redirect("people:invite", team_id=team.pk)
    title = gettext("Police contacts of %(name)s") % {"name": of.name}
    return render(request, "administration/place.html", {"form": form, "title": title})


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def monitor_team(request: HttpRequest, district_id: int) -> HttpResponse:
    """Add an outside monitor to a district, then go on to invite them."""
    viewer = viewer_of(request)
    with viewing(viewer):
        of = found(District, district_id)
    form = MonitorTeamForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        team = monitors.add_monitor_team(viewer, of.pk, form.cleaned_data["name"].strip())
        messages.success(
            request, gettext("Added. Now invite them. Their access ends within a year.")
        )
        return redirect("people:invite", team_id=team.pk)
    title = gettext("Outside monitor of %(name)s") % {"name": of.name}
    return render(request, "administration/place.html", {"form": form, "title": title})


@require_http_methods(["GET", "POST"])
@requires(Permission.KEEP_PLACES)
def tiles(request: HttpRequest, district_id: int) -> HttpResponse:
    """Rename, order and hide a district's tiles. No floor is lowered by it."""
    viewer = viewer_of(request)
    with viewing(viewer):
        of = found(District, district_id)
        changes = list(TileChange.objects.filter(district=of))
    form = TilesForm(_posted(request), changes)
    if request.method == "POST" and form.is_valid():
        places.set_tiles(viewer, of.pk, form.wishes())
        return _saved(request)
    return render(request, "administration/tiles.html", {"form": form, "district": of})


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, gettext("Saved. The reporting site shows it within 30 seconds."))
    return redirect("places:overview")


def _page(request: HttpRequest, form: ModelForm[Any], title: str, **more: object) -> HttpResponse:
    return render(request, "administration/place.html", {"form": form, "title": title, **more})
