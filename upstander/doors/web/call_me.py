"""Asking to be called: a page of its own beside the conversation, so that that one stays small.

Offered only where the district has a line that takes calls. The words to come back by, where the
page before showed them, go along in the form and are shown again.
"""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4, uuid5

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from upstander.carriers.providers import Line
from upstander.doors.calls.wishes import (
    WrongNumber,
    line_that_calls,
    number_typed,
    take_back,
    wish_call,
    wish_of,
)
from upstander.doors.web.cookie import session_in
from upstander.doors.web.forms import in_another_language
from upstander.doors.web.responses import page_context, rendered
from upstander.doors.web.snapshot import Door
from upstander.doors.web.talk import done, door_of, from_here
from upstander.doors.web.words import clean
from upstander.tips.reporter import NotKept, SessionOver, dialog_for
from upstander.ui.errors import public_page

_ONCE = UUID("0a4f3f0e-6a43-4d0b-9a77-6d9d1c1b7d52")


def line_for(door: Door) -> Line | None:
    """Return the line from which whoever came by a door is called; None: nobody is."""
    return line_that_calls(door.district.slug) if door.district else None


@from_here
@require_http_methods(["GET", "HEAD", "POST"])
def call_me(request: HttpRequest) -> HttpResponse:
    """Ask to be called, or take it back; opened without either it says what there is to know."""
    code = clean(request.POST.get("code", ""))
    if "take_back" in request.POST:
        return done(request, code, take_back, said="uncall")
    try:
        door = door_of(dialog_for(session_in(request)))
        line = line_for(door)
        if line is not None and "number" in request.POST and not in_another_language(request.POST):
            return _asked(request, door, line, code)
        return HttpResponse(_page(request, door)) if line else done(request, code, dialog_for)
    except SessionOver:
        # With the words at hand the page before opens it again; else it says that it was closed.
        posted = request.method == "POST"
        return done(request, code, dialog_for) if posted else HttpResponseRedirect(reverse("back"))
    except NotKept:
        return public_page(request, 503)


def _asked(request: HttpRequest, door: Door, line: Line, code: str) -> HttpResponse:
    """Keep the wish that a form asks for. What can't be taken stays in the page."""
    typed, when, once = (
        clean(request.POST.get(key, "")).strip() for key in ("number", "when", "once")
    )
    try:
        number = number_typed(typed)
        # From the page and what was typed: a double click is one wish.
        twice = uuid5(_ONCE, f"{once}|{number}|{when}") if once else uuid4()
        return done(
            request,
            code,
            lambda token: wish_call(token, line, number, when, once=twice),
            said="call",
        )
    except WrongNumber as wrong:
        return HttpResponse(_page(request, door, problem=str(wrong)), status=422)


def _page(request: HttpRequest, door: Door, *, problem: str = "") -> str:
    typed = {key: clean(request.POST.get(key, "")) for key in ("code", "number", "when")}
    context = page_context(
        request,
        door,
        **typed,
        wish=wish_of(session_in(request)),
        once=secrets.token_urlsafe(12),
        problem=problem,
        language_form="call-form",
        language_path=reverse("talk_call"),
    )
    return rendered("doors/call_me.html", context)
