"""The district's safety page, the way to it, and the way out."""

from __future__ import annotations

import logging
import os

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from upstander.front.services import services_of
from upstander.tips.public.cookie import drop_session, session_in
from upstander.tips.public.responses import OpenPage, page_context, rendered
from upstander.tips.public.snapshot import Door, door_to, known_places
from upstander.tips.reporter import NotKept, close_session
from upstander.ui.errors import public_page
from upstander.vault.errors import VaultError

#: Where "Leave this page" leads: a page that anybody might have open, and that tells nothing.
NEUTRAL_URL = os.environ.get("UPSTANDER_NEUTRAL_URL", "https://www.weather.gov/")

log = logging.getLogger("upstander.front")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Choose a district; straight on to it when there is one only."""
    try:
        places = known_places()
    except (DatabaseError, VaultError):
        return public_page(request, 503)
    districts = tuple(places.districts.values())
    if len(districts) == 1:
        return HttpResponseRedirect(reverse("safety", args=[districts[0].slug]))
    context = page_context(request, Door(), districts=districts)
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
    context = page_context(request, door, cards=services_of(district, get_language() or "en"))
    return OpenPage(rendered("front/safety.html", context))


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
