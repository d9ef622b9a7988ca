"""What providers call, in the public process: receipts, calls that want their script, texts.

Each request is signed by its provider or is not read. The database is reached by ``api.carrier_*``
functions alone, which give away nothing that the number in question may not be told. Nobody's
number, word or digit is logged.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Concatenate
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, tostring

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from upstander.base.languages import language_of
from upstander.carriers import replies, texts
from upstander.carriers.addresses import address_mac, digit_mac, open_carried
from upstander.carriers.contract import CarrierError, Outgoing
from upstander.carriers.models import Channel
from upstander.carriers.providers import Provider, provider_named
from upstander.carriers.signatures import Said
from upstander.carriers.twilio import report_of

log = logging.getLogger("upstander.carriers")

#: Times that a call says what it has to say before it ends.
ROUNDS = 3
_KEYS = {"0": "cannot", "*": "seen"}

type Form = dict[str, list[str]]


def from_provider[**P](
    view: Callable[Concatenate[HttpRequest, Provider, Form, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Open a view to a provider that has signed its request, and to nobody else."""

    def checked(
        request: HttpRequest, provider: str, *args: P.args, **rest: P.kwargs
    ) -> HttpResponse:
        known = provider_named(provider)
        if known is None:
            log.warning("someone called for a provider that is not in the providers' file")
            raise Http404
        body = request.body
        form: Form = {name: request.POST.getlist(name) for name in request.POST}
        if not known.signed(Said(request.get_full_path(), form, body, request.headers)):
            log.warning("a request in the name of provider %s was not signed by it", known.name)
            return HttpResponse("not signed\n", status=403, content_type="text/plain")
        return view(request, known, form, *args, **rest)

    return csrf_exempt(require_POST(checked))


def field(form: Form, name: str) -> str:
    """Return one value of a provider's form, "" where it is missing."""
    return form[name][0].replace("\0", "") if form.get(name) else ""


@from_provider
def status(request: HttpRequest, provider: Provider, form: Form, delivery: UUID) -> HttpResponse:
    """A receipt: once, in any order. An unknown id is refused, and said in the log."""
    voice = "CallSid" in form
    ref = field(form, "CallSid" if voice else "MessageSid")
    said = field(form, "CallStatus" if voice else "MessageStatus")
    answered_by = field(form, "AnsweredBy")
    try:
        report = report_of(
            Channel.VOICE if voice else Channel.SMS, said, answered_by, field(form, "ErrorCode")
        )
    except CarrierError:
        log.warning("provider %s reports a status that we do not know", provider.name)
        return HttpResponse(status=204)
    key = f"{ref}:{said}:{answered_by}"
    noted = _call(
        "carrier_receipt",
        provider.name,
        delivery,
        ref,
        key[:140],
        report.state,
        report.reason,
        report.broken,
        report.over,
    )
    if noted == "unknown":
        raise _unknown(provider)
    return HttpResponse(status=204)


@from_provider
def voice(request: HttpRequest, provider: Provider, form: Form, delivery: UUID) -> HttpResponse:
    """A call was picked up and wants its script, or a key was pressed in it."""
    ref = field(form, "CallSid")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sealed FROM api.carrier_script(p_provider => %s, p_delivery => %s, "
            "p_ref => %s)",
            [provider.name, delivery, ref],
        )
        row = cursor.fetchone()
    if row is None:
        raise _unknown(provider)
    if row[0] is None:
        return _twiml(_say(texts.CALL["en"]["over"], "en"))
    carried = open_carried(delivery, bytes(row[0]))
    said = field(form, "CallStatus") or "in-progress"
    if said == "in-progress":
        report = report_of(Channel.VOICE, said, field(form, "AnsweredBy"), "")
        _call(
            "carrier_receipt",
            provider.name,
            delivery,
            ref,
            f"{ref}:script:{field(form, 'AnsweredBy')}"[:140],
            report.state,
            "",
            "",
            False,
        )
    if not carried.ask:
        return _twiml(_say(carried.spoken, carried.language))
    pressed = field(form, "Digits")[:1]
    if pressed and pressed != "#":
        return _pressed(provider, delivery, ref, pressed, carried)
    if (others := _taken(provider, delivery, ref)) is not None:
        return _twiml(_say(texts.taken(others, carried.language), carried.language))
    again = request.GET.get("again", "0")
    # To a machine it is said once; and if it was a person after all, their digit still counts.
    rounds = int(again) if again.isdecimal() else 0
    if rounds == 0 and _is_machine(form):
        rounds = ROUNDS - 1
    return _script(provider, delivery, carried, rounds)


def _taken(provider: Provider, delivery: UUID, ref: str) -> int | None:
    """Return how many others wait, where somebody has the alert of a call; None: nobody has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.carrier_taken(p_provider => %s, p_delivery => %s, p_ref => %s)",
            [provider.name, delivery, ref],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _pressed(
    provider: Provider, delivery: UUID, ref: str, pressed: str, carried: Outgoing
) -> HttpResponse:
    answer = _KEYS.get(pressed, "have_it")
    mark = digit_mac(delivery, pressed) if answer == "have_it" else b""
    result = _call("carrier_key", provider.name, delivery, ref, answer, mark)
    words = texts.CALL[carried.language]
    if result == "unknown":
        raise _unknown(provider)
    if result == "right":
        said = texts.in_call(answer, carried.language, several=carried.several)
        return _twiml(_say(said, carried.language))
    if result == "wrong":
        return _script(provider, delivery, carried, 1, first=words["wrong"])
    return _twiml(_say(words["over"], carried.language))


def _script(
    provider: Provider, delivery: UUID, carried: Outgoing, again: int, first: str = ""
) -> HttpResponse:
    """Say what there is and wait for a key; then once more, and at last goodbye."""
    words = texts.CALL[carried.language]
    if again >= ROUNDS:
        return _twiml(_say(words["bye"], carried.language))
    here = f"{provider.callback_url}/carriers/{provider.name}/voice/{delivery}?again={again + 1}"
    gather = Element(
        "Gather",
        input="dtmf",
        numDigits="1",
        timeout="6",
        finishOnKey="",
        method="POST",
        action=here,
    )
    keys = texts.in_call("keys", carried.language, several=carried.several)
    gather.append(_say(f"{first} {carried.spoken} {keys}".strip(), carried.language))
    onward = Element("Redirect", method="POST")
    onward.text = here
    return _twiml(gather, onward)


@from_provider
def sms(request: HttpRequest, provider: Provider, form: Form) -> HttpResponse:
    """A text came in. A stranger's gets no answer at all, and leaves nothing."""
    meant = replies.read(field(form, "Body"))
    word = field(form, "OptOutType")
    opted = {"STOP": "stop", "START": "start"}.get(word)
    told = _call(
        "carrier_text",
        provider.name,
        field(form, "MessageSid"),
        address_mac(Channel.SMS, field(form, "From")),
        opted or meant.answer,
        meant.code,
    )
    result = json.loads(str(told))
    kind = str(result["result"])
    kind = meant.answer if kind == "taken" else kind
    said = texts.reply(
        kind, str(result.get("language", "en")), code=meant.code, codes=result.get("codes") or ()
    )
    # A word that the provider names it answers itself (CTIA): after STOP a second text is refused,
    # and HELP would be answered by both.
    return answered_by_text("" if word or kind == "stopped" else said)


def answered_by_text(said: str) -> HttpResponse:
    """Return the document by which a provider answers a text, or doesn't: TwiML's Message."""
    if not said:
        return _twiml()
    message = Element("Message")
    message.text = said
    return _twiml(message)


def _say(words: str, language: str) -> Element:
    say = Element("Say", language=language_of(language).voice)
    say.text = words
    return say


def _is_machine(form: Form) -> bool:
    return field(form, "AnsweredBy").startswith("machine")


def _twiml(*parts: Element) -> HttpResponse:
    root = Element("Response")
    root.extend(parts)
    if parts and parts[-1].tag == "Say":
        SubElement(root, "Hangup")
    return HttpResponse(
        b'<?xml version="1.0" encoding="UTF-8"?>' + tostring(root), content_type="text/xml"
    )


def _unknown(provider: Provider) -> Http404:
    log.warning("provider %s speaks of a message that it never had from us", provider.name)
    return Http404("unknown")


def _call(function: str, *values: str | bytes | bool | UUID) -> object:
    marks = ", ".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT api.{function}({marks})", values)
        row = cursor.fetchone()
    return row[0] if row else None
