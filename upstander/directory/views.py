"""The administrator's list of services: what the public reads, and who has confirmed it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from upstander.directory import actions
from upstander.directory.cards import card_for
from upstander.directory.facts import facts_of
from upstander.directory.forms import ConfirmForm
from upstander.directory.models import Service
from upstander.directory.queries import all_services
from upstander.places.permissions import Permission, requires, viewer_of
from upstander.places.scope import viewing


@require_GET
@requires(Permission.CONFIRM_SERVICES)
def service_list(request: HttpRequest) -> HttpResponse:
    """All services, those that wait for a check first."""
    with viewing(viewer_of(request)):
        rows = list(all_services())
    language, now = request.LANGUAGE_CODE, timezone.now()
    shown = [(row, card_for(facts_of(row), language, now)) for row in rows]
    context = {
        "waiting": [pair for pair in shown if not pair[0].confirmed],
        "confirmed": [pair for pair in shown if pair[0].confirmed],
    }
    return render(request, "directory/desk_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Permission.CONFIRM_SERVICES)
def service_confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """One service as the public sees it, with its source, and the tick that confirms it."""
    viewer = viewer_of(request)
    with viewing(viewer):
        service = get_object_or_404(all_services(), slug=slug)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.confirm_service(service, actor=viewer)
        messages.success(request, gettext("Confirmed. The mark is gone from the public page."))
        return redirect("directory:list")
    card = card_for(facts_of(service), request.LANGUAGE_CODE, timezone.now())
    context = {"service": service, "card": card, "form": form}
    return render(request, "directory/desk_confirm.html", context)


@require_POST
@requires(Permission.CONFIRM_SERVICES)
def service_doubt(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the mark back."""
    actions.doubt_service(_service(request, slug), actor=viewer_of(request))
    messages.success(request, gettext("Marked as not yet confirmed."))
    return redirect("directory:confirm", slug=slug)


@require_POST
@requires(Permission.CONFIRM_SERVICES)
def service_listed(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a service off the public page, or put it back."""
    listed = request.POST.get("listed") == "yes"
    actions.set_listed(_service(request, slug), listed, actor=viewer_of(request))
    messages.success(
        request,
        gettext("It is on the public page again.")
        if listed
        else gettext("It is off the public page."),
    )
    return redirect("directory:confirm", slug=slug)


def _service(request: HttpRequest, slug: str) -> Service:
    with viewing(viewer_of(request)):
        return get_object_or_404(Service, slug=slug)
