"""Texts that a provider took while our site was away: the worker hands them in, as it should have.

A provider calls once, perhaps a second address, and never again. But it keeps every text until we
have it deleted, so what still lies there after a minute or two was perhaps never heard. The worker
has the provider's token and no right to file anything: it signs the same form and sends it to the
same door, where a text that was heard changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import requests
from django.conf import settings

from upstander.base.moment import database_now
from upstander.carriers.contract import CarrierError
from upstander.carriers.models import Channel
from upstander.carriers.providers import Line, Provider, lines, provider_named
from upstander.carriers.twilio import Twilio
from upstander.rulefiles import RuleFileWrong

log = logging.getLogger("upstander.doors")

#: Seconds from one look at the providers to the next.
EVERY: Final = 30.0
#: Seconds after which a text must have been heard; and those after which it is too old to be news:
#: then a provider that doesn't delete must not bring back what was let go here.
YOUNGEST: Final = 45.0
OLDEST: Final = 86_400.0
_PATIENCE: Final = (2.0, 20.0)

_looked_at: list[datetime] = []
#: What was handed in since this process began: asked for once, and again after a restart.
_handed: set[str] = set()


def sweep_unheard() -> int:
    """Hand in what providers still keep of texts to our lines; return how many were handed in."""
    now = database_now()
    # Also once the clock was set back.
    if _looked_at and abs((now - _looked_at[0]).total_seconds()) < EVERY:
        return 0
    _looked_at[:] = [now]
    try:
        known = [(line, provider_named(line.provider)) for line in lines()]
    except RuleFileWrong:
        log.exception("the providers' file can't be used")
        return 0
    return sum(_look(line, provider) for line, provider in known if provider is not None)


def forget() -> None:
    """Look at once, and at all (in tests)."""
    _looked_at.clear()
    _handed.clear()


def _look(line: Line, provider: Provider) -> int:
    twilio = Twilio(provider, Channel.SMS)
    done = 0
    try:
        for text in _old_enough(twilio.kept(line.number)):
            sid = str(text.get("sid", ""))
            if sid in _handed:
                continue
            if not _hand_in(provider, _form(twilio, line, text)):
                continue  # asked again soon; one that is refused holds up no other
            _handed.add(sid)
            done += 1
    except CarrierError:
        log.warning("provider %s does not say which texts it keeps", provider.name)
    return done


def _old_enough(texts: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    now = database_now()
    for text in reversed(texts):  # the oldest first, as they were written
        try:
            age = (now - parsedate_to_datetime(str(text["date_created"]))).total_seconds()
        except (KeyError, ValueError, TypeError):
            continue
        if text.get("direction") == "inbound" and YOUNGEST < age < OLDEST:
            yield text


def _form(twilio: Twilio, line: Line, text: Mapping[str, Any]) -> dict[str, str]:
    """Return the form that the provider sent, or should have."""
    sid = str(text.get("sid", ""))
    count = str(text.get("num_media", "0"))
    pictures = twilio.pictures_of(sid) if count.isdecimal() and int(count) else []
    form = {
        "MessageSid": sid,
        "From": str(text.get("from", "")),
        "To": line.number,
        "Body": str(text.get("body", "")),
        "NumMedia": str(len(pictures)),
    }
    return form | {f"MediaUrl{number}": at for number, at in enumerate(pictures)}


def _hand_in(provider: Provider, form: Mapping[str, str]) -> bool:
    """Send a text to our own door, signed as its provider signs; whether it was taken."""
    path = f"/carriers/{provider.name}/door/text"
    headers = provider.sign(path, {name: [value] for name, value in form.items()})
    try:
        answer = requests.post(
            f"{settings.PUBLIC_URL}{path}",
            data=form,
            headers=headers,
            timeout=_PATIENCE,
            allow_redirects=False,
        )
    except requests.RequestException:
        return False
    # A proxy's page is no answer of ours, whatever its number.
    taken = answer.status_code == 200 and answer.headers.get("Content-Type") == "text/xml"
    if not taken:
        log.error("a text that %s keeps was not taken at our own door", provider.name)
    return taken
