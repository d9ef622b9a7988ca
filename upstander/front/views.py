"""The district's safety page, the way to it, and the way out."""

from __future__ import annotations

import logging

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from upstander.directory.actions.failing import say_failed
from upstander.directory.models import Kind
from upstander.directory.needs import needs_of
from upstander.doors.texts.shown import line_of
from upstander.doors.web.cookie import drop_session, session_in
from upstander.doors.web.responses import OpenPage, page_context, rendered
from upstander.doors.web.snapshot import Door, door_to, known_places
from upstander.front.come import offered
from upstander.front.services import services_of
from upstander.tips.reporter import NotKept, close_session
from upstander.ui.errors import public_page
from upstander.vault.errors import VaultError

#: Where "Leave this page" leads: a page that anybody might have open, and that tells nothing.
NEUTRAL_URL = settings.NEUTRAL_URL

log = logging.getLogger("upstander.front")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Choose a district; straight on to it when there is one only."""
    try:
        places = known_places()
    except (DatabaseError, VaultError):
        return public_page(request, 503)
    districts = places.of_schools
    if len(districts) == 1:
        return HttpResponseRedirect(reverse("safety", args=[districts[0].slug]))
    # The desk's address is told in a demo alone, which says whom to sign in as.
    desk = settings.DESK_URL if settings.DEMO else ""
    context = page_context(request, Door(), districts=districts, desk_url=desk)
    return OpenPage(rendered("front/home.html", context))


@require_safe
def safety(request: HttpRequest, district: str) -> HttpResponse:
    """The safety page of a district: the door to report, what happens then, who else helps."""
    try:
        places = known_places()
    except (DatabaseError, VaultError):
        return public_page(request, 503)
    if places.district_named(district) is None:
        raise Http404
    door = door_to(places, district=district)
    needs = needs_of(services_of(district, get_language() or "en"))
    context = page_context(
        request,
        door,
        needs=needs,
        line=line_of(district),
        waiting=any(need.waits for need in needs),
        at_home=next((need for need in needs if need.kind == Kind.DOMESTIC_VIOLENCE), None),
        comes=offered(places, district),
    )
    return OpenPage(rendered("front/safety.html", context))


@require_safe
def helping(request: HttpRequest, district: str, mark: str) -> HttpResponse:
    """All that is known of one helping service, or of all that help with one need."""
    try:
        places = known_places()
    except (DatabaseError, VaultError):
        return public_page(request, 503)
    if places.district_named(district) is None:
        raise Http404
    needs = needs_of(services_of(district, get_language() or "en"))
    if not needs:
        return public_page(request, 503)
    for need in needs:
        cards = [card for card in need.cards if mark in (need.mark, card.mark)]
        if cards:
            door = door_to(places, district=district)
            context = page_context(request, door, need=need, cards=cards)
            return OpenPage(rendered("front/help.html", context))
    raise Http404


@require_POST
def failed(request: HttpRequest, district: str, mark: str) -> HttpResponse:
    """Take somebody's word that a number did not work, and show numbers that do.

    One more is counted for that day. Nothing is kept of who said so, nor when on the day.
    """
    try:
        places = known_places()
    except (DatabaseError, VaultError):
        return public_page(request, 503)
    if places.district_named(district) is None:
        raise Http404
    needs = needs_of(services_of(district, get_language() or "en"))
    cards = [c for need in needs for c in need.cards if mark in (need.mark, c.mark)]
    if not cards:
        raise Http404
    # A line that is not there any more: their page was old, and they need a number all the same.
    said = request.POST.get("line", "")
    try:
        for card in cards:
            if said in (line.id for line in card.lines + card.other_lines):
                say_failed(card.slug, said)
    except DatabaseError:
        return public_page(request, 503)
    context = page_context(request, door_to(places, district=district), mark=mark)
    return OpenPage(rendered("front/failed.html", context))


class Leaving(HttpResponseRedirect):
    """A way out that forgets the conversation after it has answered: nobody waits for that."""

    #: Tells the gate to send this before it is closed.
    tidies_up = True

    def __init__(self, token: str) -> None:
        super().__init__(NEUTRAL_URL)
        self._token = token

    def close(self) -> None:
        """Forget the conversation on the server as well."""
        super().close()
        try:
            close_session(self._token)
        except NotKept:
            # The cookie is gone from the browser, and the session ends by itself.
            log.warning("a conversation could not be closed on leaving; it ends when idle")


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """The quick way out: a page elsewhere that tells nothing, and the conversation closed."""
    token = session_in(request)
    if not token:
        return HttpResponseRedirect(NEUTRAL_URL)
    response = Leaving(token)
    drop_session(response)
    return response


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers. It asks no database: what depends on one says so itself."""
    return HttpResponse("ok\n", content_type="text/plain")
