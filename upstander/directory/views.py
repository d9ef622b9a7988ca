"""The directory for its keepers: what the public reads, who checked it, who checks it next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.base.refused import Refused
from upstander.directory.actions.editing import change_service
from upstander.directory.actions.hiding import unhide
from upstander.directory.actions.keeping import (
    confirm_service,
    doubt_service,
    read_words,
    set_kept,
    set_listed,
    set_places,
)
from upstander.directory.cards import Card, card_for
from upstander.directory.edit_forms import EditForms
from upstander.directory.forms import ConfirmForm, PlacesForm
from upstander.directory.models import Location, Service
from upstander.directory.needless import without_need
from upstander.directory.queries import all_services, facts_of
from upstander.people.models import Person
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.ui.press import refusal_told


@dataclass(frozen=True, slots=True)
class Row:
    """One service of the list, for who keeps it."""

    service: Service
    card: Card
    #: Who keeps it; empty: nobody does.
    keeper: str
    #: How many people said that a number or page of it did not work, and since which day.
    failed: int
    failed_since: date | None

    @property
    def part(self) -> str:
        """In which part of the list it stands, of ``PARTS``."""
        if self.service.is_unread:
            return "unread"
        if not self.card.confirmed:
            return "waiting"
        return "due" if self.card.stale or self.failed else "confirmed"


#: So many stand on the list of those that a source brought and nobody has checked.
MOST_BROUGHT = 100
#: The parts of the list, what is to be done first.
PARTS = ("unread", "waiting", "due", "confirmed")


@require_GET
@requires(Permission.CONFIRM_SERVICES)
def service_list(request: HttpRequest) -> HttpResponse:
    """All services, those that wait for somebody first; ``?need=none``: those without a need."""
    name = request.GET.get("name", "").replace("\0", "").strip()[:100]
    needless = request.GET.get("need") == "none"
    with viewing(viewer_of(request)):
        # What a source brought and nobody has looked at can be tens of thousands.
        brought = Q(source__isnull=False, assured_by__isnull=True, withheld=False)
        every = all_services().prefetch_related("failures")
        if name:
            every = every.filter(record__name__icontains=name)
        if needless:
            every = without_need(every)
        some = list(every.filter(brought)[: MOST_BROUGHT + 1])
        found = [*every.exclude(brought), *some[:MOST_BROUGHT]]
        names = _names({one.keeper for one in found if one.keeper})
    language, now = get_language() or "en", timezone.now()
    rows = [
        Row(
            one,
            card_for(facts_of(one), language, now),
            names.get(one.keeper or 0, ""),
            sum(failure.count for failure in one.failures.all()),
            min((failure.day for failure in one.failures.all()), default=None),
        )
        for one in found
    ]
    context: dict[str, object] = {part: [r for r in rows if r.part == part] for part in PARTS}
    context |= {
        "name": name,
        "needless": needless,
        "more": len(some) > MOST_BROUGHT,
        "most": MOST_BROUGHT,
    }
    return render(request, "directory/desk_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.CONFIRM_SERVICES)
def service_confirm(
    request: HttpRequest, service: str, *, places: PlacesForm | None = None
) -> HttpResponse:
    """One service as the public sees it, with its source, and the tick that confirms it.

    ``places``: what was typed of free places and refused, which stands there again.
    """
    viewer = viewer_of(request)
    with viewing(viewer):
        row = get_object_or_404(all_services(), slug=service)
        failed = Counter[str]()
        for one in row.failures.all():
            failed[str(one.line)] += one.count
        keeper = _names({row.keeper}).get(row.keeper, "") if row.keeper else ""
    card = card_for(facts_of(row), get_language() or "en", timezone.now())
    confirms = request.method == "POST" and places is None
    form = ConfirmForm(request.POST if confirms else None, card=card)
    if confirms and form.is_valid():
        confirm_service(row, actor=viewer, hours_of=form.cleaned_data.get("hours", ""))
        messages.success(request, gettext("Confirmed. The mark is gone from the public page."))
        return redirect("directory:list")
    lines = card.lines + card.other_lines
    context = {
        "service": row,
        "card": card,
        "form": form,
        "places": places or PlacesForm(),
        "keeper": keeper,
        "own": row.keeper == viewer.person_id,
        "failed": [(line, failed[line.id]) for line in lines if failed[line.id]],
    }
    return render(request, "directory/desk_confirm.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.CONFIRM_SERVICES)
def service_edit(request: HttpRequest, service: str) -> HttpResponse:
    """Change what is said of a service, by plain fields."""
    viewer = viewer_of(request)
    with viewing(viewer):
        row = get_object_or_404(all_services(), slug=service)
        places = list(Location.objects.filter(services__service=row, confidential=False))
    facts = facts_of(row)
    forms = EditForms(row, facts, places, request.POST if request.method == "POST" else None)
    if request.method == "POST" and forms.is_valid():
        try:
            said = forms.said.cleaned_data
            changed = change_service(
                row,
                forms.chosen(),
                actor=viewer,
                website=said["website"],
                access=forms.access(),
                needs=said["needs"],
            )
        except Refused as error:
            forms.refused = str(error)
        else:
            done = gettext("Saved. Call, and confirm it, so that the mark goes.")
            messages.success(request, done if changed.fields else gettext("Nothing was changed."))
            if changed.struck:
                went = gettext(
                    "What looks like an address was taken out and not kept: look at %(fields)s."
                )
                messages.warning(request, went % {"fields": ", ".join(changed.struck)})
            return redirect("directory:confirm", service=service)
    card = card_for(facts, get_language() or "en", timezone.now())
    context = {"service": row, "card": card, "forms": forms}
    status = 422 if request.method == "POST" else 200
    return render(request, "directory/desk_edit.html", context, status=status)


#: A keeper's word, by the last part of its address: what it does, and what is said when it was yes
#: and when it was no.
_WORDS: Mapping[str, tuple[Callable[..., object], Promise, Promise]] = {
    "doubt": (doubt_service, (done := _("Marked as not yet confirmed.")), done),
    "read": (
        read_words,
        (done := _("Its words may be shown now, until one of them changes.")),
        done,
    ),
    "listed": (
        set_listed,
        _("It is on the public page again."),
        _("It is off the public page."),
    ),
    "kept": (
        set_kept,
        _("You keep it now, and are told when it is due."),
        _("Nobody keeps it now. It waits on the list when it is due."),
    ),
}


@require_POST
@requires(Permission.CONFIRM_SERVICES)
def service_word(request: HttpRequest, service: str, word: str) -> HttpResponse:
    """Say one word on a service: of ``_WORDS``, some with a yes or a no."""
    says, done, undone = _WORDS[word]
    yes = request.POST.get(word) == "yes"
    says(
        _service(request, service), *([yes] if done is not undone else []), actor=viewer_of(request)
    )
    messages.success(request, str(done if yes else undone))
    return redirect("directory:confirm", service=service)


@require_POST
@requires(Permission.CONFIRM_SERVICES)
def service_unhide(request: HttpRequest, service: str) -> HttpResponse:
    """Undo a hiding that nobody needs, once somebody says that they asked."""
    if request.POST.get("asked") != "yes":
        messages.error(request, gettext("Tick that you asked them. It stays hidden."))
    else:
        with refusal_told(request):
            unhide(_service(request, service), actor=viewer_of(request))
            done = gettext("It is hidden no more. Where it is comes back with its source.")
            messages.success(request, done)
    return redirect("directory:confirm", service=service)


@require_POST
@requires(Permission.CONFIRM_SERVICES)
def service_places(request: HttpRequest, service: str) -> HttpResponseBase:
    """Say how many places are free now."""
    form = PlacesForm(request.POST)
    if form.is_valid():
        free = form.cleaned_data["free"]
        set_places(_service(request, service), free, actor=viewer_of(request))
        messages.success(request, gettext("Families see the number for four hours."))
        return redirect("directory:confirm", service=service)
    return service_confirm(request, service, places=form)


def _service(request: HttpRequest, slug: str) -> Service:
    with viewing(viewer_of(request)):
        return get_object_or_404(Service, slug=slug)


def _names(people: set[int]) -> dict[int, str]:
    """Name keepers; one who has left keeps a service all the same, until somebody takes it on."""
    found = dict(Person.objects.filter(pk__in=people).values_list("pk", "name"))
    left = gettext("somebody who has left")
    return {one: found.get(one, left) for one in people}
