"""The helping services of a district's page, kept for a few minutes."""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError
from django.utils import timezone

from upstander.directory.cards import Card, card_for
from upstander.directory.facts import ServiceFacts
from upstander.directory.queries import public_services

#: A changed number appears within this many seconds.
KEPT_SECONDS = 120

log = logging.getLogger("upstander.front")
_lock = threading.Lock()
_kept: dict[str, tuple[float, list[ServiceFacts]]] = {}


def services_of(district_slug: str, language: str) -> list[Card]:
    """Return the cards as they stand now ("open until 5"); an empty list if they can't be read.

    Facts that were read before are shown while the database is away: an old number is better than
    none, and the page is about help.
    """
    now = time.monotonic()
    with _lock:
        kept = _kept.get(district_slug)
    if kept is None or now - kept[0] > KEPT_SECONDS:
        try:
            kept = (now, public_services(district_slug))
        except DatabaseError:
            log.warning("the services could not be read; showing what was read before")
        else:
            with _lock:
                _kept[district_slug] = kept
    moment = timezone.now()
    return [card_for(facts, language, moment) for facts in kept[1]] if kept else []
