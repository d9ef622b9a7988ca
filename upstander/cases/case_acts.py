"""What is done on a case's page with one press. Each is a POST that ends on the page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest

from upstander.cases.case_views import case_act
from upstander.cases.models import CaseAction
from upstander.cases.opening import OpenCase
from upstander.cases.people import add_person, change_person
from upstander.cases.support import add_action, answer_home, finish_action, hand_action
from upstander.cases.timeline import KINDS, add_item, read_items
from upstander.cases.views import typed
from upstander.places.scope import viewing
from upstander.tips.actions import NotAllowedNow


def _inner(request: HttpRequest) -> bool:
    return request.POST.get("seen_by") == "inner"


def number(request: HttpRequest, name: str) -> int | None:
    """Return a person's or team's number that a form sent, or None."""
    sent = request.POST.get(name, "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 16 else None


@case_act
def note(request: HttpRequest, opened: OpenCase) -> str:
    """Write something down, by its kind."""
    kind, words = request.POST.get("kind", ""), typed(request, "words")
    if kind not in KINDS or not KINDS[kind].note:
        raise NotAllowedNow("Choose what it is that you write down.")
    if not words.strip():
        raise NotAllowedNow("There is nothing to keep: the box is empty.")
    add_item(opened, kind, {"words": words}, inner=_inner(request))
    messages.success(request, "Kept.")
    return "#timeline"


@case_act
def person(request: HttpRequest, opened: OpenCase) -> str:
    """Write down somebody whom the case is about, or what is known of them now."""
    role, sure = request.POST.get("role", ""), request.POST.get("sure", "")
    words, known = typed(request, "words"), request.POST.get("person", "")
    if known:
        with viewing(opened.viewer):
            entries = read_items(opened)
        who = next((e.id for e in entries if str(e.id) == known), UUID(int=0))
        change_person(opened, entries, who, role=role, sure=sure, words=words)
    else:
        add_person(
            opened, typed(request, "name"), role=role, sure=sure, words=words,
            inner=_inner(request),
        )  # fmt: skip
    messages.success(request, "Kept.")
    return "#people"


@case_act
def home(request: HttpRequest, opened: OpenCase) -> str:
    """Answer whether home is safe."""
    answer_home(opened, request.POST.get("home", ""), typed(request, "words"))
    messages.success(request, "Kept. Nobody is told by this; a person decides.")
    return "#doing"


@case_act
def action(request: HttpRequest, opened: OpenCase) -> str:
    """Put something on the list of what shall be done."""
    add_action(
        opened,
        request.POST.get("kind", ""),
        typed(request, "words"),
        owner_id=number(request, "owner"),
        inner=_inner(request),
        sure=request.POST.get("sure") == "yes",
    )
    messages.success(request, "On the list.")
    return "#doing"


@case_act
def action_end(request: HttpRequest, opened: OpenCase, action_id: UUID) -> str:
    """Say that an action is done or not needed any more."""
    ending = request.POST.get("ending", CaseAction.Ending.DONE)
    finish_action(opened, action_id, typed(request, "words"), ending=ending)
    messages.success(request, "Kept.")
    return "#doing"


@case_act
def action_hand(request: HttpRequest, opened: OpenCase, action_id: UUID) -> str:
    """Give an action to somebody else."""
    owner = number(request, "owner")
    if owner is None:
        raise NotAllowedNow("Choose who shall do it.")
    hand_action(opened, action_id, owner)
    messages.success(request, "Handed over.")
    return "#doing"
