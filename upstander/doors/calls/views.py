"""What a counselor does about a call, each by one press: on the tip's page, or from the queue."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext

from upstander.doors.actions import calls
from upstander.doors.calls.rights import CallRight
from upstander.doors.calls.shown import call_of
from upstander.people.permissions import requires
from upstander.people.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.opening import open_tip
from upstander.triage.views import TIP_PAGE

_TAKES = requires(CallRight.TAKE_CALLS)
_JOINS = requires(CallRight.JOIN_ROOM)


def _done(
    request: HttpRequest, viewer: Viewer, tip_id: UUID, do: Callable[[UUID], None], said: str
) -> str:
    """Do something about the tip's call, and say so on the page that it was pressed on."""
    with viewing(viewer):
        tip_for(viewer, tip_id)
        call = call_of(tip_id)
    if call is None:
        raise Http404
    do(call.call_id)
    messages.success(request, said)
    return "/queue" if request.POST.get("from") == "queue" else ""


def _number(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise Http404
    return int(typed)


@TIP_PAGE.act(needs=_TAKES)
def take(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Let one's own phone ring for a caller who waits."""
    said = gettext("Your phone is about to ring. Press 1 there to take the call.")
    return _done(request, viewer, tip_id, lambda call: calls.take(viewer, call), said)


@TIP_PAGE.act(needs=_TAKES)
def hold(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Put the caller on hold."""
    said = gettext("The caller is on hold: they hear that you will be back.")
    return _done(request, viewer, tip_id, lambda call: calls.hold(viewer, call), said)


@TIP_PAGE.act(needs=_TAKES)
def resume(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Go on with a caller on hold."""
    said = gettext("The caller is back with you.")
    return _done(request, viewer, tip_id, lambda call: calls.resume(viewer, call), said)


@TIP_PAGE.act(needs=_TAKES)
def move(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Ask a colleague to go on with the call."""
    person = _number(request, "person")
    said = gettext("Their phone is about to ring. The call stays with you until they press 1.")
    return _done(request, viewer, tip_id, lambda call: calls.move(viewer, call, person), said)


@TIP_PAGE.act(needs=_TAKES)
def end(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """End the call; its caller hears the code to come back with."""
    said = gettext("You have left the call. The caller hears the code to come back with.")
    return _done(request, viewer, tip_id, lambda call: calls.end(viewer, call), said)


@TIP_PAGE.act(needs=_JOINS)
def interpreter(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Ask an interpreter into the call."""
    said = gettext("The interpreters’ service is being called into the call.")
    return _done(request, viewer, tip_id, lambda call: calls.join_interpreter(viewer, call), said)


@TIP_PAGE.act(needs=_JOINS)
def psap(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Ask a school's 911 center into the call."""
    school = _number(request, "school")
    said = gettext("The 911 center is being called into the call.")
    return _done(request, viewer, tip_id, lambda call: calls.join_psap(viewer, call, school), said)


@TIP_PAGE.act(needs=_TAKES)
def back(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Call a reporter back who wished so."""
    calls.call_back(open_tip(viewer, tip_id, purpose="reply"))
    messages.success(
        request, gettext("Your phone is about to ring. Press 1 there, then theirs is called.")
    )
    return ""


@TIP_PAGE.act(needs=_TAKES)
def settled(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Let a reporter's wish to be called go: they need no call any more."""
    calls.settle_wish(viewer, tip_id)
    messages.success(request, gettext("They are not called. Their number is deleted."))
    return ""
