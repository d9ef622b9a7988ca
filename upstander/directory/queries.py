"""Reads of the directory: the desk's through the ORM, the public site's through one function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from upstander.directory.cards import Card, card_for
from upstander.directory.facts import ServiceFacts
from upstander.directory.models import Service
from upstander.directory.records import facts_in
from upstander.places.models import District


def all_services() -> QuerySet[Service]:
    """Every service with who runs it: one query, whatever the number."""
    return Service.objects.select_related("organization")


def facts_of(service: Service) -> ServiceFacts:
    """The facts of a row."""
    return facts_in(
        service.record,
        slug=service.slug,
        kind=service.kind,
        agency=service.organization.name,
        confirmed=service.confirmed,
        checked_on=service.assured_on,
        listed=service.listed,
        by_law=service.confirmed and service.assured_by is None,
    )


def facts_from_json(raw: Mapping[str, Any]) -> ServiceFacts:
    """The facts of one element of what ``api.public_services`` returns."""
    day = raw["assured_on"]
    return facts_in(
        raw["record"],
        slug=raw["slug"],
        kind=raw["kind"],
        agency=raw["agency"],
        confirmed=raw["confirmed"],
        checked_on=date.fromisoformat(day) if day else None,
        by_law=raw["by_law"],
    )


def services_for(
    district: District | int | None, language: str, *, at: datetime | None = None
) -> list[Card]:
    """The cards that a district's page shows: its State's services and its own, in their order.

    For staff and the command; the public process has no right on the tables and uses
    ``public_cards``. ``at`` defaults to now.
    """
    district_id = district.pk if isinstance(district, District) else district
    near = Q(district__isnull=True)
    if district_id is not None:
        state = District.objects.filter(pk=district_id).values("state")
        near = near & Q(state__in=state) | Q(district_id=district_id)
    rows = all_services().filter(near, listed=True, withheld=False, organization__withheld=False)
    moment = at or timezone.now()
    return [card_for(facts_of(row), language, moment) for row in rows]


def public_services(district_slug: str) -> list[ServiceFacts]:
    """The same facts for the public process, by ``api.public_services``: one query, no ORM.

    An unknown district gets every State's services. The result may be kept for minutes; only
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
