"""The pages of going along: asking for somebody, and each step."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.base.refused import Refused
from upstander.escalations.actions.offers import asked_of
from upstander.helplines.actions import accompaniments as actions
from upstander.helplines.actions import clients, partners
from upstander.helplines.actions.accompaniments import State
from upstander.helplines.forms import AlongForm
from upstander.helplines.rights import AdvocateRight
from upstander.helplines.words import JOINT, PARTNERS, PLACES, language_name
from upstander.people.models import Person
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.places.models import District
from upstander.ui.press import refusal_on, refusal_told


@never_cache
@require_http_methods(["GET", "POST"])
@requires(AdvocateRight.WORK)
def ask(request: HttpRequest, client_id: UUID) -> HttpResponse:
    """Ask for an advocate who goes along with a client."""
    opened = clients.open_client(viewer_of(request), client_id, purpose="along")
    with viewing(opened.viewer) as now:
        zone = District.objects.get(pk=opened.row.district_id).time_zone
    posted = request.POST if request.method == "POST" else None
    form = AlongForm(
        posted, zone=zone, now=now, initial={"language": opened.words.get("language", "en")}
    )
    if form.is_bound and form.is_valid():
        with refusal_on(form):
            made = actions.ask(opened, form.cleaned_data["begins_at"], form.said)
            return redirect("helplines:accompaniment", accompaniment_id=made)
    shown = {"form": form, "one": opened.row, "name": opened.words.get("name", "")}
    return render(request, "helplines/along.html", shown, status=422 if form.errors else 200)


@never_cache
@require_GET
@requires(AdvocateRight.WORK)
def accompaniment(request: HttpRequest, accompaniment_id: UUID) -> HttpResponse:
    """Show where somebody goes along, and what can be said of it now."""
    viewer = viewer_of(request)
    opened = actions.open_accompaniment(viewer, accompaniment_id)
    row = opened.row
    with viewing(viewer):
        asked = asked_of([row.alert_id]).get(row.alert_id or row.pk, [])
        wanted = [*asked, *([row.held_by] if row.held_by else [])]
        names = dict(Person.objects.filter(pk__in=wanted).values_list("pk", "name"))
        zone = District.objects.get(pk=row.district_id).time_zone
    said = dict(JOINT)
    times = (
        (gettext("Asked for"), row.asked_at),
        (gettext("Accepted"), row.accepted_at),
        (gettext("Arrived"), row.arrived_at),
        (gettext("Left"), row.left_at),
        (gettext("Safe home"), row.safe_at),
    )
    shown: dict[str, Any] = {
        "one": row,
        "client": opened.client.row,
        "name": opened.client.words.get("name", ""),
        "words": opened.words,
        "place": dict(PLACES).get(opened.words.get("place", ""), ""),
        "language": language_name(opened.words.get("language", "en")),
        "joint": [said[one] for one in opened.words.get("joint", "").split() if one in said],
        "holder": names.get(row.held_by or 0, ""),
        "asked": [names.get(one, "") for one in asked],
        "mine": row.held_by == viewer.person_id,
        "times": [(words, at) for words, at in times if at],
        "told": [(one, dict(PARTNERS).get(one.who, "")) for one in partners.told(opened)],
        "zone": zone,
    }
    return render(request, "helplines/accompaniment.html", shown)


@require_POST
@requires(AdvocateRight.WORK)
def do(request: HttpRequest, accompaniment_id: UUID) -> HttpResponse:
    """Do what was pressed."""
    viewer, act = viewer_of(request), request.POST.get("act", "")
    with viewing(viewer), actions.locked(accompaniment_id):
        pass  # a foreign one is a 404, whatever was pressed
    with refusal_told(request):
        if act == "accept":
            actions.accept(viewer, accompaniment_id)
        elif act == "cannot":
            actions.cannot(viewer, accompaniment_id)
        elif act == "off":
            actions.call_off(viewer, accompaniment_id)
        elif act in (State.ARRIVED, State.LEFT, State.SAFE):
            actions.step(viewer, accompaniment_id, State(act))
        else:
            raise Refused(gettext("Nothing was changed: choose again."))
        messages.success(request, gettext("Saved."))
    return redirect("helplines:accompaniment", accompaniment_id=accompaniment_id)
