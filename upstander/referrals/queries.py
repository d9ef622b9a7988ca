"""Contacts as a center's list shows them, and who could help. Call inside ``viewing``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from upstander.directory.finding import Asked, find
from upstander.directory.models import Service
from upstander.directory.vocabulary import NEEDS, folded
from upstander.directory.why import Result, results
from upstander.places.models import District
from upstander.referrals.due import SILENT
from upstander.referrals.models import Contact, Referral

#: So many services are suggested for a need; the rest are one search away.
SUGGESTED = 5
#: What of a contact waits for somebody at the center: such rows stand first.
WAITS: Final = ("due", "silent", "turned_away")
#: So many contacts that have ended are listed, of so long: not one more of very many is looked at.
_ENDED, _LATELY = 20, timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Row:
    """One contact of the list."""

    one: Contact
    district: str
    needs: tuple[str, ...]
    referrals: tuple[Referral, ...]
    #: When the family is asked next (UTC), and whether that is due.
    ask_at: datetime | None
    due: bool
    #: An agency is silent; or can't take them, and nobody has been found since.
    silent: bool
    turned_away: bool


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A service that answers a need, with its reasons; a person chooses."""

    service_id: UUID
    result: Result


def advocates_among(referrals: Iterable[Referral]) -> frozenset[UUID]:
    """Return which services of these are confidential: they tell nobody whether somebody came."""
    wanted = {one.service_id for one in referrals}
    found = Service.objects.filter(pk__in=wanted, confidential=True).values_list("pk", flat=True)
    return frozenset(found)


def is_untold(one: Referral, advocates: Collection[UUID]) -> bool:
    """Tell whether its agency said no more than advocates say without the survivor's yes."""
    return one.service_id in advocates and one.agency in (
        Referral.Agency.NOTHING,
        Referral.Agency.GOT,
    )


def is_silent(one: Referral, now: datetime, advocates: Collection[UUID]) -> bool:
    """Tell whether an agency that was told, and is not of advocates, is silent for two days."""
    return (
        one.link_hash is not None
        and one.service_id not in advocates
        and not one.outcome
        and one.agency == ""
        and one.made_at + SILENT <= now
    )


def rows_of(now: datetime) -> tuple[list[Row], list[Row]]:
    """Return contacts that are open, what is due first, and those that ended last."""
    districts = dict(District.objects.values_list("pk", "name"))
    query = Contact.objects.defer("sealed").prefetch_related("referrals")
    open_ones = list(query.filter(ended_at=None))
    ended = list(query.filter(ended_at__gt=now - _LATELY).order_by("-ended_at", "-pk")[:_ENDED])
    advocates = advocates_among(row for one in (*open_ones, *ended) for row in one.referrals.all())
    current = [_row(one, districts, now, advocates) for one in open_ones]
    current.sort(
        key=lambda row: (
            not any(getattr(row, what) for what in WAITS),
            row.ask_at is None,
            row.ask_at or row.one.taken_at,
            row.one.pk,
        )
    )
    return current, [_row(one, districts, now, advocates) for one in ended]


def _row(
    one: Contact, districts: Mapping[int, str], now: datetime, advocates: Collection[UUID]
) -> Row:
    referrals = tuple(sorted(one.referrals.all(), key=lambda row: (row.made_at, row.pk)))
    asked = [row.ask_at for row in referrals if row.ask_at is not None]
    return Row(
        one,
        districts.get(one.district_id, ""),
        labels(one.needs),
        referrals,
        min(asked, default=None),
        due=any(at <= now for at in asked),
        silent=any(is_silent(row, now, advocates) for row in referrals),
        turned_away=any(one.agency == Referral.Agency.NOT_ELIGIBLE for one in referrals[-1:])
        and not referrals[-1].outcome,
    )


def labels(needs: Iterable[str]) -> tuple[str, ...]:
    """Return how needs are called."""
    return tuple(NEEDS[key].label("en") for key in needs if key in NEEDS)


def suggested(
    need: str, *, district: District, language: str, town: str, now: datetime
) -> list[Suggestion]:
    """Return who could help with a need, open and near first, each with its reasons."""
    at = now.astimezone(ZoneInfo(district.time_zone))
    asked = Asked(
        district.slug, "en", (NEEDS[need],), place=town, spoken="" if language == "en" else language
    )
    shown = results(find(asked, at).found[:SUGGESTED], asked, at)
    slugs = {one.card.slug for one in shown}
    by_slug = dict(Service.objects.filter(slug__in=slugs).values_list("slug", "pk"))
    return [Suggestion(by_slug[one.card.slug], one) for one in shown if one.card.slug in by_slug]


def town_of(district: District, words: str, now: datetime) -> str:
    """Return what was written, as a town or ZIP code that the directory knows; "" where it isn't.

    Only that stands in clear: it is counted, and an address isn't.
    """
    if not words:
        return ""
    asked = Asked(district.slug, "en", (NEEDS["food"],), place=words)
    answer = find(asked, now.astimezone(ZoneInfo(district.time_zone)))
    return folded(words).title()[:60] if answer.place_known else ""


def services_of(referrals: Iterable[Referral]) -> dict[UUID, str]:
    """Return the names of the services of some referrals."""
    wanted = {one.service_id for one in referrals}
    found = Service.objects.filter(pk__in=wanted).values_list("pk", "record__name")
    return {pk: name or "" for pk, name in found}
