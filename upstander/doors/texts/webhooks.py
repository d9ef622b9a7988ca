"""What providers call about texts of reporters, in the public process: one signed form each.

A request for a line that is not that provider's is refused as one that nobody signed: nothing is
written, and nothing is said of what there is.
"""

from __future__ import annotations

import logging
import re
from uuid import UUID

from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse

from upstander.base.phones import NoNumber, e164
from upstander.carriers.contract import CarrierError
from upstander.carriers.models import Channel
from upstander.carriers.providers import Provider, line_at, providers
from upstander.carriers.twilio import report_of
from upstander.carriers.webhooks import Form, answered_by_text, field, from_provider
from upstander.doors.texts.receive import MOST_PICTURES, TextIn, take_text
from upstander.doors.web.report import SAME_WORDS
from upstander.tips.reporter import NotKept

log = logging.getLogger("upstander.doors")

_REF = re.compile(r"[A-Za-z0-9_-]{1,80}\Z", re.ASCII)


@from_provider
def text(request: HttpRequest, provider: Provider, form: Form) -> HttpResponse:
    """A reporter's text came in. Answered only once it is kept: else the provider tries again."""
    line = line_at(field(form, "To"), provider.name)
    ref = field(form, "MessageSid")
    if line is None or not _REF.match(ref):
        log.warning("provider %s speaks of a line that is not one of its own", provider.name)
        return HttpResponse("not ours\n", status=403, content_type="text/plain")
    try:
        number = e164(field(form, "From"))
    except NoNumber:
        # A short code or a name: no phone of a child's, and nothing could go back to it.
        return answered_by_text("")
    if any(one.from_number == number for one in providers()):
        # What we sent ourselves, to a line that somebody gave as a phone of staff: no child's.
        log.error("a text of ours came in by a line: a phone of staff is a number for reporters")
        return answered_by_text("")
    told = field(form, "NumMedia")
    count = min(int(told), MOST_PICTURES) if told.isdecimal() else 0
    pictures = tuple(at for n in range(count) if provider.serves(at := field(form, f"MediaUrl{n}")))
    try:
        said = take_text(
            TextIn(
                provider.name,
                line,
                number,
                ref,
                field(form, "Body"),
                pictures,
                {"STOP": True, "START": False}.get(field(form, "OptOutType")),
                helped=field(form, "OptOutType") == "HELP",
            ),
            request.META.get(SAME_WORDS),
        )
    except NotKept:
        log.error("a text could not be kept; its provider was told, and tries again")
        return HttpResponse("not kept\n", status=503, content_type="text/plain")
    return answered_by_text(said)


@from_provider
def status(request: HttpRequest, provider: Provider, form: Form, order: UUID) -> HttpResponse:
    """A receipt of a text to a reporter: once, in any order."""
    try:
        report = report_of(Channel.SMS, field(form, "MessageStatus"), "", field(form, "ErrorCode"))
    except CarrierError:
        log.warning("provider %s reports a status that we do not know", provider.name)
        return HttpResponse(status=204)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT api.door_receipt(p_order => %s, p_provider => %s, p_ref => %s,"
                " p_state => %s, p_stopped => %s)",
                [
                    order,
                    provider.name,
                    field(form, "MessageSid")[:100],
                    report.state,
                    report.broken == "stopped",
                ],
            )
            row = cursor.fetchone()
    except DatabaseError:
        return HttpResponse("not kept\n", status=503, content_type="text/plain")
    if not row or not row[0]:
        raise Http404("unknown")
    return HttpResponse(status=204)
