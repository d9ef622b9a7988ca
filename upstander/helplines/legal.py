"""The pages of legal aid: what is asked first, an intake, its other end, and what falls due."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from upstander.helplines.actions import clients, deadlines, intakes
from upstander.helplines.actions.clients import OpenClient
from upstander.helplines.legal_forms import DeadlineForm, IntakeForm, ScreenForm
from upstander.helplines.prescreen import offices, rules_for, screened
from upstander.helplines.rights import AdvocateRight
from upstander.helplines.words import reach
from upstander.people.links import LinkOver
from upstander.people.models import Person
from upstander.people.permissions import requires, viewer_of
from upstander.people.scope import viewing
from upstander.places.models import District
from upstander.states.legal import LegalAid
from upstander.ui.press import Again, Page, Said, filled, refusal_told, refused_as
from upstander.vault.errors import InvitationBroken

#: What stands in no link.
_NO_LINK = re.compile(r"[^\w-]", re.ASCII)


def _opens(request: HttpRequest, client_id: UUID, _act: str) -> OpenClient:
    return clients.open_client(viewer_of(request), client_id, purpose="legal")


def _place(opened: OpenClient) -> tuple[District, LegalAid | None, datetime]:
    with viewing(opened.viewer) as now:
        place = District.objects.get(pk=opened.row.district_id)
        return place, rules_for(place), now


def _shown(request: HttpRequest, opened: OpenClient, again: Again | None = None) -> HttpResponse:
    (place, rules, now), kept = _place(opened), opened.legal
    rows = deadlines.deadlines_of(opened)
    with viewing(opened.viewer):
        people = Person.objects.filter(pk__in=[one.person_id for one, _ in rows])
        names = dict(people.values_list("pk", "name"))
        call, waits = offices(place, now), intakes.waits(opened)
    left = dict(again.forms) if again else {}
    context: dict[str, Any] = {
        "one": opened.row,
        "words": opened.words,
        "way": reach(opened.words),
        "kept": kept,
        "says": screened(kept, rules, now.astimezone(ZoneInfo(place.time_zone)).date()),
        "offices": call,
        "waits": waits,
        "due": [(one, what, names.get(one.person_id, "")) for one, what in rows],
        "now": now,
        "zone": place.time_zone,
        "screen": ScreenForm(rules=rules, initial=kept),
        "intake": IntakeForm(),
        "deadline": DeadlineForm(zone=place.time_zone, now=now, prefix="due"),
        "form": next(iter(left.values()), None),
    }
    status = again.status if again else 200
    return render(request, "helplines/legal.html", context | left, status=status)


LEGAL = Page(
    guard=requires(AdvocateRight.WORK),
    key="client_id",
    opens=_opens,
    home="/clients/{}/legal".format,
    again=_shown,
    reads=never_cache(_shown),
)


@LEGAL.act
def aid(request: HttpRequest, opened: OpenClient) -> str:
    """Keep what legal aid asks first."""
    form = filled("screen", ScreenForm(request.POST, rules=_place(opened)[1]))
    with refused_as("screen", form):
        clients.keep_legal(opened, opened.legal | form.words)
    return Said(gettext("Saved."))


@LEGAL.act
@sensitive_variables("sent")
def intake(request: HttpRequest, opened: OpenClient) -> HttpResponse | str:
    """Send an intake to an office, by the client's yes; or take it back."""
    if request.POST.get("do") == "back":
        if intakes.take_back(opened):
            return Said(gettext("Taken back: it is destroyed."))
        return Said(gettext("It was over already. Call the office."))
    form = filled("intake", IntakeForm(request.POST))
    with refused_as("intake", form):
        sent = intakes.send(opened, **form.words)
    shown = {"one": opened.row, "sent": sent, "to": form.cleaned_data["email"]}
    return render(request, "helplines/intake_sent.html", shown)


@LEGAL.act
def note(request: HttpRequest, opened: OpenClient) -> str:
    """Note what falls due."""
    place, _, now = _place(opened)
    form = DeadlineForm(request.POST, zone=place.time_zone, now=now, prefix="due")
    given = filled("deadline", form).cleaned_data
    with refused_as("deadline", form):
        deadlines.note_deadline(opened, given["due_at"], given["what"])
    return Said(gettext("Saved."))


@LEGAL.act
def done(_request: HttpRequest, opened: OpenClient, *, deadline_id: UUID) -> str:
    """Say that what fell due is done."""
    deadlines.end_deadline(opened, deadline_id)
    return Said(gettext("Saved."))


@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("words", "link")
@sensitive_variables("link")
@requires(AdvocateRight.WORK)
def opened_intake(request: HttpRequest) -> HttpResponse:
    """Ask for the four words; show both sides' names; then the rest, or nothing ever."""
    sent = request.POST if request.method == "POST" else request.GET
    link, context = _NO_LINK.sub("", sent.get("link", "")), dict[str, str]()
    if request.method == "POST":
        try:
            with refusal_told(request):
                return _pressed(request, link, request.POST.get("words", "")[:200])
        except LinkOver:
            return render(request, "helplines/intake_over.html", status=410)
        except InvitationBroken:
            context["wrong"] = gettext(
                "These are not the four words. Ask whoever sent it by phone."
            )
    status = 422 if context else 200
    return render(request, "helplines/intake.html", context | {"link": link}, status=status)


@sensitive_variables("link", "words", "known")
def _pressed(request: HttpRequest, link: str, words: str) -> HttpResponse:
    viewer, do = viewer_of(request), request.POST.get("do", "")
    if do == "clear":
        made = intakes.clear(viewer, link, words)
        messages.success(request, gettext("Nothing conflicts: this is their folder."))
        return redirect("helplines:legal", client_id=made)
    if do == "conflict":
        intakes.conflict(viewer, link, words)
        return render(request, "helplines/intake_over.html", {"conflict": True})
    known = intakes.names(viewer, link, words)
    shown = {"known": known, "words": words, "link": link}
    return render(request, "helplines/intake.html", shown)
