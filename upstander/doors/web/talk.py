"""The conversation: writing, answering, ending. Each works with a plain form and no JavaScript."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from upstander.doors.web.back import NOTHING, Unsent, unsent_page
from upstander.doors.web.cookie import (
    drop_session,
    open_session,
    sent_from_elsewhere,
    session_in,
)
from upstander.doors.web.forms import in_another_language, read_follow_up, text_problem, typed_in
from upstander.doors.web.responses import page_context, rendered
from upstander.doors.web.snapshot import Door, place_of
from upstander.doors.web.talk_page import NOTHING_TYPED, talk_page
from upstander.doors.web.words import clean
from upstander.tips.reporter import (
    Dialog,
    NotKept,
    SessionOver,
    add_answers,
    add_message,
    dialog_for,
    end_conversation,
    open_with_code,
)
from upstander.ui.errors import public_page

#: What a page may say that it did; anything else in the address says nothing.
SAID = frozenset({"message", "answers", "file", "call", "uncall"})

_ONCE = UUID("6f0b8f5c-2a52-4a0e-9d3a-3c7f7f6a1f0e")

View = Callable[..., HttpResponse]


def from_here(view: View) -> View:
    """Refuse what another site made the browser send."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method == "POST" and sent_from_elsewhere(request):
            return public_page(request, 403)
        return view(request, *args, **kwargs)

    return guarded


def posted(view: View) -> View:
    """Take what a form sends; whoever only opens its address comes to the conversation.

    A form that was answered in its place leaves its address in the bar, and is opened again by it.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @functools.wraps(view)
    def taken(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseRedirect(reverse("talk"))
        return view(request, *args, **kwargs)

    return taken


@require_safe
def talk(request: HttpRequest) -> HttpResponse:
    """The conversation of whoever came back with a return code."""
    try:
        dialog = dialog_for(session_in(request))
    except SessionOver:
        return HttpResponseRedirect(reverse("back"))
    except NotKept:
        return public_page(request, 503)
    said = request.GET.get("said", "")
    return HttpResponse(page_of(request, dialog, said=said if said in SAID else ""))


def page_of(
    request: HttpRequest,
    dialog: Dialog,
    *,
    code: str = "",
    said: str = "",
    text: str = "",
    typed: Mapping[str, str] = NOTHING_TYPED,
    problem: str = "",
    problem_about: str = "",
) -> bytes:
    """Return the page of ``dialog`` (see ``talk_page``)."""
    return talk_page(
        request,
        door_of(dialog),
        tile=dialog.tile,
        answers=dialog.answers,
        received=dialog.received_at,
        danger=dialog.danger,
        over=dialog.over,
        to_talk=dialog.to_talk,
        code=code,
        said=said,
        text=text,
        typed=typed,
        problem=problem,
        problem_about=problem_about,
    )


def door_of(dialog: Dialog) -> Door:
    """Return the place under whose name a conversation is shown."""
    return place_of(dialog.district_id, dialog.school_id)


@from_here
@posted
def message(request: HttpRequest) -> HttpResponse:
    """Add what was written, and the answers given. What can't be taken now stays in the page."""
    return _say(request, needs_text=True)


@from_here
@posted
def answers(request: HttpRequest) -> HttpResponse:
    """Take the answers to the follow-up questions, and a message typed beside them."""
    return _say(request, needs_text=False)


def _say(request: HttpRequest, *, needs_text: bool) -> HttpResponse:
    """Keep what one form holds, a message and answers, whichever of its buttons was pressed."""
    text, code, once = (clean(request.POST.get(key, "")) for key in ("text", "code", "once"))
    given = read_follow_up(request.POST)
    unsent = Unsent(text=text, once=once, answers=given)
    if in_another_language(request.POST):
        typed = typed_in(request.POST)
        kept = any(map(str.strip, typed.values()))
        return done(request, code, dialog_for, text=text, typed=typed, unsent=unsent, kept=kept)
    writes = bool(text.strip()) or (needs_text and not given)
    if writes and (wrong := text_problem(text)):
        return done(
            request, code, dialog_for, problem=lambda: wrong, text=text, typed=given, unsent=unsent
        )
    if not writes and not given:
        return done(request, code, dialog_for)
    # From the page and its words: a double click is one message, as a double click is one tip.
    message_id = uuid5(_ONCE, f"{once}|{text}") if once else None

    def act(token: str) -> None:
        if writes:
            add_message(token, text, once=message_id)
        if given:
            add_answers(token, given)

    return done(request, code, act, said="message" if writes else "answers", unsent=unsent)


@from_here
@posted
def end(request: HttpRequest) -> HttpResponse:
    """End the conversation from the reporter's side. Staff's copy stays, and the page says so."""
    try:
        dialog = dialog_for(session_in(request))
        door = door_of(dialog)
        end_conversation(session_in(request))
    except SessionOver:
        door = Door()
    except NotKept:
        return public_page(request, 503)
    response = HttpResponse(rendered("doors/ended.html", page_context(request, door)))
    drop_session(response)
    return response


def done(
    request: HttpRequest,
    code: str,
    act: Callable[[str], object],
    *,
    said: str = "",
    about: str = "",
    problem: Callable[[], str] = str,
    text: str = "",
    typed: Mapping[str, str] = NOTHING_TYPED,
    unsent: Unsent = NOTHING,
    kept: bool = False,
) -> HttpResponse:
    """Do ``act`` in the conversation, then show it.

    A page that carries a ``code`` is the thank-you page, and is shown again with its code; else the
    conversation is shown at its own address. ``problem`` is asked after the act: what it says
    stands in the page, with ``text`` and what was ``typed`` still in their fields; with ``kept``
    they are there without a problem. ``unsent`` is what a page has to keep when the conversation
    can't be reached.
    """
    token, reopened = session_in(request), ""
    try:
        try:
            act(token)
        except SessionOver:
            # The thank-you page lay open for long. It still carries the code.
            reopened = (open_with_code(code) or "") if code else ""
            if not reopened:
                raise
            token = reopened
            act(token)
        wrong = problem()
        if not (code or kept or wrong):
            response: HttpResponse = HttpResponseRedirect(
                reverse("talk") + (f"?said={said}" if said else "")
            )
            response.status_code = 303
        else:
            page = page_of(
                request,
                dialog_for(token),
                code=code,
                said="" if wrong else said,
                text=text,
                typed=typed,
                problem=wrong,
                problem_about=about if wrong else "",
            )
            response = HttpResponse(page, status=422 if wrong else 200)
    except SessionOver:
        return unsent_page(request, unsent, status=403)
    except NotKept:
        return unsent_page(
            request,
            unsent,
            code=code,
            problem=_("We can’t reach our records right now. Nothing was sent."),
            status=503,
        )
    if reopened:
        open_session(response, reopened)
    return response
