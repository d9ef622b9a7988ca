"""Reads of the directory: the desk's through the ORM, the public site's through one function."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from upstander.directory.cards import Card, card_for
from upstander.directory.facts import ServiceFacts, facts_from_json, facts_of
from upstander.directory.hours import OpenState, state_at
from upstander.directory.models import Service
from upstander.places.models import District


def all_services() -> QuerySet[Service]:
    """Every service with its lines and hours: three queries, whatever the number."""
    return Service.objects.prefetch_related("lines", "hours")


def open_state(service: Service | ServiceFacts, at: datetime) -> OpenState:
    """Whether a service is open at ``at``, and until when. Raises ValueError without a zone."""
    facts = facts_of(service) if isinstance(service, Service) else service
    return state_at(facts.hours, at)


def services_for(
    district: District | int | None, language: str, *, at: datetime | None = None
) -> list[Card]:
    """The cards that a district's page shows: statewide services and its own, in their order.

    For staff and the command; the public process has no right on the tables and uses
    ``public_cards``. ``at`` defaults to now.
    """
    district_id = district.pk if isinstance(district, District) else district
    rows = all_services().filter(Q(district__isnull=True) | Q(district_id=district_id), listed=True)
    moment = at or timezone.now()
    return [card_for(facts_of(row), language, moment) for row in rows]


def public_services(district_slug: str) -> list[ServiceFacts]:
    """The same facts for the public process, by ``api.public_services``: one query, no ORM.

    An unknown district gets the statewide services. The result may be kept for minutes; only
    ``card_for`` depends on the time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.public_services(%s)", [district_slug])
        (raw,) = cursor.fetchone() or (None,)
    found = json.loads(raw) if isinstance(raw, str) else raw
    return [facts_from_json(service) for service in found or ()]


def public_cards(district_slug: str, language: str, *, at: datetime | None = None) -> list[Card]:
    """The cards of a district's public page at ``at`` (default now)."""
    moment = at or timezone.now()
    return [card_for(facts, language, moment) for facts in public_services(district_slug)]
