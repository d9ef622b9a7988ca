"""Whether a real provider still brings a text and a call to a line, and our answer back."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from upstander.carriers.models import Channel
from upstander.carriers.providers import lines, provider_named
from upstander.carriers.twilio import Twilio

#: Seconds in which an answer must be there; a phone company may take a while.
PATIENCE = 120.0
WORDS = "This only checks the line. Nobody is in danger."
#: What our own leg of the call does: it listens.
LISTENING = '<?xml version="1.0" encoding="UTF-8"?><Response><Pause length="20"/></Response>'


def faults(line: str, sender: str, *, patience: float = PATIENCE, pause: float = 2.0) -> list[str]:
    """Send a text and a call to a line of ours; return what went wrong, a sentence each.

    ``sender``: another number of the same account. Raises CarrierError where the provider refuses,
    RuleFileWrong for a wrong providers' file.
    """
    known = next((one for one in lines() if one.number == line), None)
    provider = provider_named(known.provider) if known else None
    if provider is None:
        return [f"{line} is no line of the providers' file."]
    texts, calls = Twilio(provider, Channel.SMS), Twilio(provider, Channel.VOICE)
    wrong = []
    begun = time.time()
    texts.text(line, sender, WORDS, "")

    def answered() -> bool:
        return any(
            one.get("from") == line
            # Providers name whole seconds, by clocks of their own.
            and parsedate_to_datetime(str(one.get("date_created"))).timestamp() > begun - 5
            for one in texts.kept(sender)
        )

    if not _until(answered, patience, pause):
        wrong.append(f"A text to {line} was not answered within {patience:.0f} seconds.")
    leg = calls.ring(line, sender, LISTENING)

    def picked_up() -> bool:
        stands = calls.stand(leg)
        return stands.talking or (stands.over and not stands.how)

    if not _until(picked_up, patience, pause):
        wrong.append(f"A call to {line} was not picked up within {patience:.0f} seconds.")
    calls.end(leg)
    return wrong


def _until(holds: Callable[[], bool], seconds: float, pause: float) -> bool:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
