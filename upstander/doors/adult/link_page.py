"""The page behind an adult's link: this form alone, without an account, on the reporter's site.

Nothing of who opens it is taken or kept, no cookie is set, and its tip is the center's. Whoever
made the link may open it too: so it shows the same until its time is over, used or not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from upstander.doors.adult.asked import Taken, form_of, read_taken
from upstander.doors.web.cookie import sent_from_elsewhere
from upstander.doors.web.forms import in_another_language
from upstander.doors.web.responses import OpenPage, from_another_website, page_context, rendered
from upstander.doors.web.snapshot import (
    Door,
    any_door,
    door_to,
    known_places,
    place_of,
)
from upstander.intake.routing import NoCenter
from upstander.intake.served import PublicPlaces
from upstander.people.links import LinkOver
from upstander.states import RuleSet, law, laws
from upstander.tips.reporter import Filed, NotKept, file_tip, new_form_token, place_of_link
from upstander.ui.errors import public_page
from upstander.vault.errors import VaultError


@dataclass(frozen=True, slots=True)
class _Here:
    """One request to a link that opens."""

    request: HttpRequest
    link: str
    places: PublicPlaces
    door: Door
    rules: RuleSet
    #: The desk's, for somebody who is signed in: a form of theirs asks for the seven words alone.
    own: bool

    def page(
        self, taken: Taken | None = None, *, away: bool = False, elsewhere: bool = False
    ) -> str:
        """Render the form."""
        door = taken.sent.door if taken else self.door
        form = form_of(
            self.places,
            door,
            _language(),
            typed=taken.typed if taken else None,
            problems=taken.problems if taken else None,
        )
        path = reverse("adult", args=[self.link])
        return rendered(
            "doors/adult/link.html",
            page_context(
                self.request,
                door,
                form=form,
                action=path,
                away=away,
                elsewhere=from_another_website() if elsewhere else "",
                token=taken.sent.token if taken and not elsewhere else new_form_token(),
                language_form="adult-form",
                language_path=path,
                **_hotline(self.rules),
            ),
        )


@require_http_methods(["GET", "HEAD", "POST"])
def adult(request: HttpRequest, link: str) -> HttpResponse:
    """The form behind a link, and its sending."""
    try:
        places = known_places()
        district, school, state, own = place_of_link(link)
    except (DatabaseError, VaultError, NotKept):
        response = public_page(request, 503)
        response["Retry-After"] = "30"
        return response
    except LinkOver:
        if request.method != "POST":
            return _over(request, places, None)
        return _over(request, places, read_taken(request.POST, places, any_door()))
    here = _Here(request, link, places, place_of(district, school), law(state).duties, own)
    if request.method == "POST":
        return _send(here)
    return OpenPage(here.page())


def _send(here: _Here) -> HttpResponse:
    request = here.request
    # The desk says itself which district is meant: a center serves several.
    named = request.POST.get("district", "")
    door = door_to(here.places, district=named) if here.own else here.door
    taken = read_taken(request.POST, here.places, door)
    if sent_from_elsewhere(request):
        return HttpResponse(here.page(taken, elsewhere=True), status=403)
    if in_another_language(request.POST):
        return HttpResponse(here.page(replace(taken, problems={})))
    if taken.problems:
        return HttpResponse(here.page(taken), status=422)
    try:
        filed = file_tip(taken.tip(here.link, _language(), signed_in=here.own))
    except LinkOver:
        return _over(request, here.places, taken, here.rules)
    except (NotKept, NoCenter, VaultError):
        page = here.page(taken, away=True)
        return HttpResponse(page, status=503, headers={"Retry-After": "30"})
    return JsonResponse({"code": filed.code}) if here.own else _thanks(here, taken, filed)


def _thanks(here: _Here, taken: Taken, filed: Filed) -> HttpResponse:
    # No cookie: the conversation is the child's, and opens with the seven words alone.
    shown = page_context(
        here.request,
        taken.sent.door,
        code=filed.code.split(),
        back_url=f"{settings.PUBLIC_URL}{reverse('back')}",
        suspects=taken.suspects,
        **_hotline(here.rules),
    )
    return HttpResponse(rendered("doors/adult/sent.html", shown))


def _over(
    request: HttpRequest, places: PublicPlaces, taken: Taken | None, rules: RuleSet | None = None
) -> HttpResponse:
    """Say that the link opens nothing; what was typed goes on by the form that everybody has.

    Field by field, as it was typed: the child's words stay apart from the adult's.
    """
    door = taken.sent.door if taken else any_door()
    if rules is None and len(known := laws()) == 1:
        rules = known[0].duties
    shown = page_context(
        request,
        door,
        form=form_of(places, door, _language(), typed=taken.typed) if taken else None,
        suspects=taken is not None and taken.suspects,
        token=new_form_token(),
        **(_hotline(rules) if rules else {}),
    )
    return HttpResponse(rendered("doors/adult/over.html", shown), status=410)


def _hotline(rules: RuleSet) -> dict[str, object]:
    return {"hotline": rules.phoned, "within": rules.phoned_first}


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
