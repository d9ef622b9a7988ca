"""The frame in which a conversation is shown and looks for answers by itself."""

from __future__ import annotations

import time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from upstander.doors.calls.wishes import line_that_calls, wish_of
from upstander.doors.waits import usual_wait
from upstander.doors.web.cookie import session_in
from upstander.doors.web.responses import FramePage, rendered
from upstander.doors.web.talk import door_of, from_here
from upstander.doors.web.told import told, waits
from upstander.tips.reporter import NotKept, SessionOver, dialog_for, hide_message

#: (minutes since the page was opened, seconds between looks). After the last it stops and says so:
#: a page forgotten on a shared computer would otherwise keep its conversation open for ever.
LOOKS = ((10, 10), (60, 20), (180, 60))


def seconds_to_next_look(since: str, now: float) -> int | None:
    """Return after how many seconds to look again; None when it is time to stop.

    ``since`` is the minute (Unix time / 60) in which the page was opened, as the address has it.
    """
    if not (since.isascii() and since.isdigit() and len(since) < 12):
        return LOOKS[0][1]
    minutes = now / 60 - int(since)
    return next((seconds for until, seconds in LOOKS if minutes < until), None)


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Show state, files and messages, the oldest first.

    Their list is shown from its end, by style alone (talk.css): each look of the frame has the
    newest in sight, beside the box to write in. ``?still=1`` is to read in: it starts at the first
    message and nothing moves. While nobody has read it, it also says how long that usually takes.
    """
    since = request.GET.get("since", "")
    still = "still" in request.GET
    seconds = None if still else seconds_to_next_look(since, time.time())
    try:
        dialog = dialog_for(session_in(request))
        door = door_of(dialog)
        calls = door.district is not None and line_that_calls(door.district.slug)
        wish = wish_of(session_in(request)) if calls else None
    except SessionOver:
        return _over(request)
    except NotKept:
        response = _frame(request, "doors/live_away.html")
        response["Refresh"] = "15"
        return response
    zone = ZoneInfo(door.time_zone) if door.time_zone else timezone.get_default_timezone()
    with timezone.override(zone):
        response = _frame(
            request,
            "doors/live.html",
            told=told(dialog),
            waits=waits(dialog),
            wish=wish,
            # What is usual is reckoned from new tips: of one that is open again nobody knows it.
            minutes=usual_wait(dialog.district_id)
            if waits(dialog) and not dialog.unread_again
            else None,
            messages=dialog.messages,
            files=dialog.files,
            answers_count=sum(1 for said in dialog.messages if said.author != "reporter"),
            still=still,
            stopped=seconds is None and not still,
            since=str(int(time.time() // 60)),
        )
    if seconds is not None:
        # As a header: the same address again is a reload and adds nothing to the history.
        again = "" if since else f"; url={_live_url()}"
        response["Refresh"] = f"{seconds}{again}"
    return response


@from_here
@require_http_methods(["GET", "HEAD", "POST"])
def hide(request: HttpRequest) -> HttpResponse:
    """Hide a message on the reporter's side: asked first, since nothing here brings it back."""
    given = (request.POST if request.method == "POST" else request.GET).get("message", "")
    try:
        message = UUID(given)
    except ValueError:
        return _to_live()
    try:
        if request.method == "POST":
            hide_message(session_in(request), message)
            return _to_live()
        dialog = dialog_for(session_in(request))
    except SessionOver:
        return _over(request)
    except NotKept:
        return _frame(request, "doors/live_away.html")
    found = next((said for said in dialog.messages if said.id == message and not said.hidden), None)
    if found is None:
        return _to_live()
    return _frame(request, "doors/hide.html", message=found, live_url=_live_url())


def _to_live() -> HttpResponse:
    response = HttpResponseRedirect(_live_url())
    response.status_code = 303
    return response


def _live_url() -> str:
    """The frame's address as of now: it says from when on the looking gets slower."""
    return f"{reverse('live')}?since={int(time.time() // 60)}"


def _over(request: HttpRequest) -> HttpResponse:
    return _frame(request, "doors/live_over.html", status=403)


def _frame(
    request: HttpRequest, template: str, *, status: int = 200, **more: object
) -> HttpResponse:
    return FramePage(rendered(template, {"request": request, **more}), status=status)
