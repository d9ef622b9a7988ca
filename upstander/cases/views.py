"""How a school's team ends a tip and opens it again, and the second person's word."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from upstander.cases.actions import close_tip, decide, reopen_tip
from upstander.cases.dispositions import BY_KEY
from upstander.cases.models import Closing
from upstander.places.permissions import Permission, requires, viewer_of
from upstander.places.scope import Viewer
from upstander.tips.actions import NotAllowedNow, save_draft
from upstander.tips.opening import NotGranted, open_tip

#: Longer than anybody types; the database refuses more.
WORDS_LIMIT = 20_000

type TeamAction = Callable[..., str]


def team_action(action: TeamAction) -> Callable[..., HttpResponseBase]:
    """Make a team page's action of a function that returns where on the page to go on (``#talk``).

    A refusal becomes a message in plain words. A GET (after signing in again, say) shows the tip.
    """

    @require_http_methods(["GET", "POST"])
    @requires(Permission.WORK_AS_TEAM)
    @wraps(action)
    def view(request: HttpRequest, /, tip_id: UUID, **more: UUID) -> HttpResponseBase:
        place = ""
        if request.method == "POST":
            try:
                place = action(request, viewer_of(request), tip_id, **more)
            except NotAllowedNow as refused:
                messages.error(request, str(refused))
            except NotGranted as error:
                raise PermissionDenied from error
        return redirect(place if place.startswith("/") else f"/team/{tip_id}{place}")

    return view


def typed(request: HttpRequest, name: str = "text") -> str:
    """Return what was typed, with plain line ends. Raises NotAllowedNow when it is too long."""
    text = request.POST.get(name, "").replace("\r\n", "\n").replace("\0", "")
    if len(text) > WORDS_LIMIT:
        raise NotAllowedNow(
            f"That is longer than {WORDS_LIMIT:,} characters, so nothing was kept: cut it in two."
        )
    return text


#: Said to whoever answered while the reporter was writing: it doesn't count as an answer to that.
WROTE_MEANWHILE = (
    "The reporter wrote while you were answering. Your reply went out; read what is new: they wait."
)


def read_to(request: HttpRequest) -> int | None:
    """Return up to which turn of the conversation the page with the form had it."""
    sent = request.POST.get("turns", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else None


@team_action
def close(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Close a tip with how it ended and why."""
    ending, words = request.POST.get("disposition", ""), typed(request)
    opened = open_tip(viewer, tip_id, purpose="close")
    if ending not in BY_KEY or not words.strip():
        # A reason that was typed is not lost with the choice that was forgotten.
        save_draft(opened, "note", words)
        raise NotAllowedNow(
            "Not closed. Choose how it ended, and say in a few words what was done. "
            "What you wrote stands in the note's box."
        )
    try:
        done = close_tip(opened, ending, words, read_to=read_to(request))
    except NotAllowedNow as refused:
        save_draft(opened, "note", words)
        raise NotAllowedNow(
            f"Not closed. {refused} Your reason stands in the note's box."
        ) from None
    if isinstance(done, Closing):
        messages.success(request, "Closed. The reporter reads a few words about it.")
    else:
        messages.warning(
            request,
            "Not closed yet: a life may be in danger, so a second person of your team must agree "
            "within 10 minutes. Until then it stands as it was.",
        )
    return ""


@team_action
def reopen(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Open a closed tip again; whoever does so has it."""
    reopen_tip(viewer, tip_id)
    messages.success(request, "Open again, and you have it. How it ended stays in the record.")
    return ""


@team_action
def opinion(request: HttpRequest, viewer: Viewer, tip_id: UUID, opinion_id: UUID) -> str:
    """Agree or refuse as the second person."""
    agree = request.POST.get("agree") == "yes"
    decided = decide(viewer, opinion_id, agree=agree)
    messages.success(
        request,
        f"You agreed: closed as “{BY_KEY[decided.disposition].label}”."
        if agree
        else "Refused: the tip stays open as it was.",
    )
    return ""
