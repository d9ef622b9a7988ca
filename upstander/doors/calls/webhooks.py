"""What providers ask and tell about calls, in the public process: one signed form each.

A request for a line that is not that provider's, or that takes no calls, is refused as one that
nobody signed; so is one about a call that is over. Nothing is written then.
"""

from __future__ import annotations

import logging
import re
from uuid import UUID

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from upstander.carriers.contract import CarrierError
from upstander.carriers.models import Channel
from upstander.carriers.providers import Line, Provider, line_at
from upstander.carriers.twilio import is_machine, report_of
from upstander.carriers.webhooks import Form, field, from_provider
from upstander.doors.calls import documents, others, receive, words
from upstander.doors.calls.receive import Asked, Stale
from upstander.tips.reporter import NotKept

log = logging.getLogger("upstander.doors")

_REF = re.compile(r"[A-Za-z0-9_-]{1,80}\Z", re.ASCII)
_DIGITS = re.compile(r"[0-9*#]{0,32}\Z", re.ASCII)


@from_provider
def call(request: HttpRequest, provider: Provider, form: Form) -> HttpResponse:
    """A reporter's call comes in: picked up, and filed before anything else."""
    asked = _asked(request, provider, form)
    if asked is None or field(form, "Direction") not in ("inbound", ""):
        return _refused(provider)
    try:
        return _document(receive.pick_up(asked))
    except Stale:
        return _refused(provider)
    except NotKept:
        log.error("a call could not be kept; its provider was told, and rings the center's line")
        return HttpResponse("not kept\n", status=503, content_type="text/plain")


@from_provider
def on(request: HttpRequest, provider: Provider, form: Form) -> HttpResponse:
    """A caller's leg asks what follows."""
    asked = _asked(request, provider, form)
    if asked is None:
        return _refused(provider)
    try:
        return _document(receive.go_on(asked))
    except Stale:
        return _refused(provider)


@from_provider
def status(request: HttpRequest, provider: Provider, form: Form) -> HttpResponse:
    """What a provider tells of a caller's leg by itself: that it ended is all that counts."""
    asked = _asked(request, provider, form)
    if asked is None:
        return _refused(provider)
    over = _over(form)
    try:
        if over is not None:
            receive.hung_up(provider.name, asked.sid)
    except Stale:
        return _refused(provider)
    except DatabaseError:
        return HttpResponse("not kept\n", status=503, content_type="text/plain")
    return HttpResponse(status=204)


@from_provider
def own(request: HttpRequest, provider: Provider, form: Form, call: UUID) -> HttpResponse:
    """The center's own phone was picked up, rung by a caller's leg: whoever is there presses 1."""
    here = f"{provider.callback_url}{request.path}"
    if _pressed(form) != "1":
        return _document(documents.press_one(here, words.EAR))
    if others.own_phone_takes(call, provider.name):
        return _document(documents.connect())
    return _document(documents.goodbye("en", words.LATE))


@from_provider
def leg(request: HttpRequest, provider: Provider, form: Form, leg: UUID) -> HttpResponse:
    """A phone that we rang asks what it is to do."""
    sid = field(form, "CallSid")
    here = f"{provider.callback_url}{request.path}"
    found = others.leg_asks(leg, provider.name, sid) if _REF.match(sid) else None
    if found is None:
        return _refused(provider)
    return _document(others.lead(found, provider.name, _pressed(form), here))


@from_provider
def leg_status(request: HttpRequest, provider: Provider, form: Form, leg: UUID) -> HttpResponse:
    """What a provider tells by itself of a phone that we rang: once, in any order."""
    over = _over(form)
    try:
        if over is not None:
            known = others.leg_over(leg, provider.name, over)
        else:
            sid = field(form, "CallSid")
            talks = field(form, "CallStatus") == "in-progress"
            known = bool(_REF.match(sid)) and bool(
                others.leg_asks(leg, provider.name, sid, answered=talks)
            )
    except DatabaseError:
        return HttpResponse("not kept\n", status=503, content_type="text/plain")
    return HttpResponse(status=204) if known else _refused(provider)


@from_provider
def back(request: HttpRequest, provider: Provider, form: Form, call: UUID) -> HttpResponse:
    """Somebody was called back and picked up: whoever it is learns nothing before they press 1."""
    sid = field(form, "CallSid")
    here = f"{provider.callback_url}{request.path}"
    pressed = _pressed(form)
    found = (
        others.back_asks(call, provider.name, sid, pressed=pressed == "1")
        if _REF.match(sid)
        else None
    )
    if found is None:
        return _refused(provider)
    if is_machine(field(form, "AnsweredBy")) and found.state == "calling":
        return _document(documents.nothing())  # others listen to a family's mailbox
    step, out = request.GET.get("s", "")[:8], "out" in request.GET
    return _document(others.lead_back(found, here, step=step, pressed=pressed, out=out))


@from_provider
def back_status(request: HttpRequest, provider: Provider, form: Form, call: UUID) -> HttpResponse:
    """A call back has ended, or nobody picked up."""
    over, sid = _over(form), field(form, "CallSid")
    try:
        known = bool(_REF.match(sid)) and others.back_over(
            call, provider.name, sid, over=over is not None
        )
    except DatabaseError:
        return HttpResponse("not kept\n", status=503, content_type="text/plain")
    return HttpResponse(status=204) if known else _refused(provider)


def _asked(request: HttpRequest, provider: Provider, form: Form) -> Asked | None:
    """Return what is asked of a caller's leg; None where it is no call to a line that takes any."""
    line: Line | None = line_at(field(form, "To"), provider.name)
    sid = field(form, "CallSid")
    if line is None or not line.calls or not _REF.match(sid):
        return None
    return Asked(
        provider.name,
        line,
        sid,
        number=field(form, "From"),
        digits=_pressed(form),
        texts=Channel.SMS in provider.channels,
        step=request.GET.get("s", "")[:8],
        question=_number(request.GET.get("q", ""), 1),
        rang=_number(request.GET.get("f", ""), 0),
        here=f"{provider.callback_url}/carriers/{provider.name}/door/call/on",
    )


def _number(given: str, default: int) -> int:
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else default


def _pressed(form: Form) -> str:
    """Return the keys that were pressed; nothing where it is no keys."""
    digits = field(form, "Digits")
    return digits if _DIGITS.match(digits) else ""


def _over(form: Form) -> str | None:
    """Return how a leg ended: "" once somebody talked; None: it lasts, or nobody knows."""
    try:
        report = report_of(Channel.VOICE, field(form, "CallStatus"), "", field(form, "ErrorCode"))
    except CarrierError:
        return None
    if not report.over:
        return None
    return "" if report.state == "answered" else report.state


def _document(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="text/xml")


def _refused(provider: Provider) -> HttpResponse:
    log.warning("provider %s speaks of a line or call that is none", provider.name)
    return HttpResponse("not ours\n", status=403, content_type="text/plain")
