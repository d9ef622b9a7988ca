"""Telling a partner who comes, taking it back, and the page behind a partner's link."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from upstander.helplines.actions import partners
from upstander.helplines.actions.accompaniments import open_accompaniment
from upstander.helplines.forms import PartnerForm
from upstander.helplines.rights import AdvocateRight
from upstander.people.link_pages import link_page
from upstander.people.permissions import requires, viewer_of
from upstander.ui.press import refusal_on
from upstander.vault.errors import InvitationBroken


@never_cache
@require_http_methods(["GET", "POST"])
@requires(AdvocateRight.WORK)
@sensitive_variables("made")
def tell(request: HttpRequest, accompaniment_id: UUID) -> HttpResponse:
    """Let a partner know who comes, by the client's yes; show the four words once."""
    opened = open_accompaniment(viewer_of(request), accompaniment_id, purpose="partner")
    agreed = {"who": opened.words.get("joint", "").partition(" ")[0]}
    form = PartnerForm(request.POST if request.method == "POST" else None, initial=agreed)
    shown = {"form": form, "one": opened.row}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        with refusal_on(form):
            made = partners.tell(opened, given["who"], given["entrance"], given["email"])
            return render(request, "helplines/partner_told.html", shown | {"told": made})
    return render(request, "helplines/partner_new.html", shown, status=422 if form.errors else 200)


@require_POST
@requires(AdvocateRight.WORK)
def take_back(request: HttpRequest, accompaniment_id: UUID, partner_id: UUID) -> HttpResponse:
    """Take the client's yes back."""
    opened = open_accompaniment(viewer_of(request), accompaniment_id, purpose="partner")
    partners.take_back(opened, partner_id)
    messages.success(request, gettext("Their link no longer opens anything."))
    return redirect("helplines:accompaniment", accompaniment_id=accompaniment_id)


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "helplines/partner_over.html")


@link_page(_over)
@sensitive_post_parameters("words")
@sensitive_variables("link", "words", "told")
def partner(request: HttpRequest, link: str) -> HttpResponse:
    """Ask for the four words; show who comes, when and where to."""
    pk, wrapped = partners.opened_by(link)
    if request.method != "POST":
        return render(request, "helplines/partner_words.html")
    try:
        told = partners.read(link, pk, wrapped, request.POST.get("words", "")[:200])
    except InvitationBroken:
        wrong = gettext("These are not the four words. Ask the advocate for them by phone.")
        return render(request, "helplines/partner_words.html", {"wrong": wrong}, status=422)
    with timezone.override(ZoneInfo(told["zone"])):
        shown = {"told": told, "at": datetime.fromisoformat(told["at"])}
        return render(request, "helplines/partner.html", shown)
