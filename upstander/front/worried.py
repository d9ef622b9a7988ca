""" "Should I be worried? Should I report?", and a paper on which to write it down for the call.

Nothing is sent and nothing is kept: the pages are the same for everybody, whatever they press.
"""

from __future__ import annotations

from typing import Final

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from upstander.directory.models import Kind
from upstander.doors.web.responses import OpenPage, page_context, rendered
from upstander.doors.web.snapshot import Door, door_to, known_places
from upstander.front.come import offered
from upstander.front.services import services_of
from upstander.mandated.actions.confirming import as_published
from upstander.mandated.worried import asked_by
from upstander.states import RuleSet, laws
from upstander.ui.errors import public_page
from upstander.vault.errors import VaultError

#: What whoever takes the call asks, for a paper.
_PROMPTS: Final = (
    _("Which child: name, age, school, where to find them"),
    _("What I saw or heard myself, and when and where"),
    _("The child’s own words, exactly. I ask for no more"),
    _("Marks, injuries, or what is missing"),
    _("Who may be doing it, and how they know the child"),
    _("Where the child is now. Is it safe there tonight?"),
    _("Other children who may be in danger"),
    _("My name and number, and how I know the child"),
    _("I called on (day, time), spoke with (name), and was told"),
    _("What I saw or heard after that. I call again"),
)


@require_safe
def worried(request: HttpRequest, district: str) -> HttpResponse:
    """Ask what somebody is worried about; each answer, and none, leads to a way to report."""
    try:
        door, rules = _door(district)
    except (DatabaseError, VaultError):
        return public_page(request, 503)
    cards = services_of(district, get_language() or "en")
    context = page_context(
        request,
        door,
        rules=rules,
        asked=asked_by(rules),
        within=rules.phoned_first,
        written=rules.phoned_for.written,
        # What happens on the call, in the State's own words for its line.
        line=next((one for one in cards if one.kind == Kind.ABUSE_REPORT), None),
        comes=offered(known_places(), district),
    )
    return OpenPage(rendered("front/worried.html", context))


@require_safe
def paper(request: HttpRequest, district: str) -> HttpResponse:
    """Give the questions of the call with empty lines, to be printed or copied by hand."""
    try:
        door, rules = _door(district)
    except (DatabaseError, VaultError):
        return public_page(request, 503)
    context = page_context(request, door, rules=rules, prompts=_PROMPTS)
    return OpenPage(rendered("front/worried_paper.html", context))


def _door(slug: str) -> tuple[Door, RuleSet]:
    """Return a district's door and its State's rules, with what was confirmed since. Raises Http404
    for no such district, DatabaseError, VaultError."""
    places = known_places()
    district = places.district_named(slug)
    if district is None:
        raise Http404
    known = laws()
    law = next((one for one in known if one.key == district.state), known[0])
    return door_to(places, district=slug), as_published(law.duties)
