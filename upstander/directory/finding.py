"""Finding a service: what somebody asks for, what answers it, in which order. Nothing is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any, Final, Literal

from django.db import connection

from upstander.directory.facts import ServiceFacts
from upstander.directory.openness import closes_soon, opening_of
from upstander.directory.queries import facts_from_json
from upstander.directory.vocabulary import (
    CHILD_HURT,
    Need,
    answering,
    distance,
    folded,
    misspelt,
    needs_meant,
)
from upstander.standards.hsds.opening import Opening

_MILES_ACROSS: Final = 2 * 3958.8
_WEEK: Final = timedelta(days=7)
#: Of towns that may be meant so many are named.
_TOWNS: Final = 3
#: A name of so many words may be misspelt; more are a sentence.
_NAME: Final = 3
#: What is known of one thing that was asked for. What a record says nothing of is no "no".
type Fits = Literal["yes", "maybe", "unknown", "unsaid"]
_WORTH: Final[Mapping[Fits, int]] = {"yes": 3, "maybe": 2, "unknown": 1, "unsaid": 0}
type Standing = Literal["open", "later", "unknown", "closed"]
_FIRST: Final[Mapping[str, Mapping[Standing, int]]] = {
    "now": {"open": 0, "unknown": 1, "later": 2, "closed": 2},
    "week": {"open": 0, "later": 0, "unknown": 1, "closed": 2},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for. Each but the reader's own language may be left out."""

    district: str
    #: The reader's, in which pages are written; it is wished for where none is chosen.
    language: str
    needs: tuple[Need, ...] = ()
    words: str = ""
    #: A town or ZIP code, as written.
    place: str = ""
    #: Open "now", or this "week".
    when: str = "now"
    spoken: str = ""
    age: int | None = None
    free: bool = False
    tty: bool = False
    asl: bool = False

    @property
    def wishes(self) -> dict[str, str]:
        """What it is wished that a service says of itself, by what it is asked for."""
        spoken = self.spoken or ("" if self.language == "en" else self.language)
        wished = {"language": f"lang:{spoken}" if spoken else ""}
        wished |= {"asl": "lang:ase" if self.asl else "", "tty": "tty" if self.tty else ""}
        wished["free"] = "free" if self.free else ""
        return {name: facet for name, facet in wished.items() if facet}


@dataclass(frozen=True, slots=True)
class Found:
    """A service that answers, and what is known of each thing that was asked for."""

    facts: ServiceFacts
    opening: Opening
    standing: Standing
    fits: Mapping[str, Fits]
    confidential: bool
    #: Miles on the straight; None without a place of either, and of what is confidential.
    miles: float | None
    #: The HSDS location where it is; None of what is confidential.
    place: Mapping[str, Any] | None
    #: It has the words that were written.
    hit: bool = False
    free: bool | None = None
    #: Nobody has confirmed its hours, or not of late.
    doubted: bool = False
    #: It closes before anybody is there.
    soon: bool = False
    #: Which of the needs it answers, the first: 0, 1 ...
    answers: int = 0

    @property
    def is_open(self) -> bool:
        """Whether it is known to be open now."""
        return self.standing == "open" and not self.doubted


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, the first the best."""

    found: tuple[Found, ...]
    #: What was taken for meant, from the words.
    needs: tuple[Need, ...]
    #: Nothing has the words; these have something like them.
    nearly: bool
    #: Whether the place that was written is known; None: none was.
    place_known: bool | None
    #: Of a place that isn't: towns that are spelled nearly so, the likeliest first.
    towns: tuple[str, ...] = ()


def find(asked: Asked, at: datetime) -> Answer:
    """Return who helps, at a moment with a zone; by one query, as the public or as a center.

    Raises django.db.DatabaseError.
    """
    meant, all_of_it = needs_meant(asked.words)
    needs = tuple({need.key: need for need in (*asked.needs, *meant)}.values())
    values = [
        asked.district,
        answering(needs),
        "" if all_of_it else asked.words,
        asked.language,
        folded(asked.place),
        list(asked.wishes.values()),
        asked.age,
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.find_services(p_district => %s, p_needs => %s::text[], p_words => %s,"
            " p_language => %s, p_place => %s, p_wishes => %s::text[], p_age => %s::int)",
            values,
        )
        (raw,) = cursor.fetchone() or ({},)
    told = json.loads(raw) if isinstance(raw, str) else raw
    found = (_found(one, asked, needs, at, told["from"]) for one in told["services"])
    # What is spelled nearly so is a name; of a whole sentence it would be chance.
    sentence = told["nearly"] and len(asked.words.split()) > _NAME
    return Answer(
        found=()
        if sentence
        else tuple(
            ordered(found, asked.when, child_hurt=bool(needs) and needs[0].key == CHILD_HURT)
        ),
        needs=needs,
        nearly=told["nearly"] and bool(told["services"]) and not sentence,
        place_known=told["from"] is not None if asked.place else None,
        towns=tuple(_towns(folded(asked.place), told["towns"] or ())),
    )


def _towns(place: str, names: Iterable[str]) -> list[str]:
    """Choose the few towns that somebody may have meant, as they are written."""
    off = sorted((distance(place, name), name) for name in names)
    return [name.title() for far, name in off if far <= misspelt(place)][:_TOWNS]


def ordered(found: Iterable[Found], when: str, *, child_hurt: bool = False) -> list[Found]:
    """Order by: need; has the words; open; fits; near. What lies nowhere is as near as anything.

    Hours that nobody has checked of late count as they are known, and among what is open after
    those that somebody has; after both stands what closes soon. Where a child is hurt, whom the
    State has take such reports comes before all of that.
    """
    first = _FIRST[when or "now"]
    return sorted(
        found,
        key=lambda one: (
            not (child_hurt and one.facts.kind == CHILD_HURT),
            one.answers,
            not one.hit,
            first[one.standing],
            one.soon and first is _FIRST["now"],
            one.doubted and first[one.standing] == 0,
            -sum(_WORTH[fit] for fit in one.fits.values()),
            one.miles or 0.0,
            one.facts.slug,
        ),
    )


def _found(
    raw: Mapping[str, Any],
    asked: Asked,
    needs: Sequence[Need],
    at: datetime,
    start: tuple[float, float] | None,
) -> Found:
    facts = facts_from_json(raw)
    opening = opening_of(raw["record"], at)
    placed = not raw["confidential"] and raw["latitude"] is not None
    facets = frozenset(raw["facets"])
    ages = (raw["min_age"], raw["max_age"])
    return Found(
        facts=facts,
        opening=opening,
        standing=_standing(opening, at),
        fits=fits(asked, facets, ages),
        confidential=raw["confidential"],
        miles=miles(start, (raw["latitude"], raw["longitude"])) if placed and start else None,
        place=raw["place"] if placed else None,
        hit=raw["hit"],
        free=True if "free" in facets else False if "paid" in facets else None,
        answers=next(
            (rank for rank, need in enumerate(needs) if not facets.isdisjoint(answering([need]))),
            len(needs),
        ),
        soon=closes_soon(opening, at),
        doubted=not facts.confirmed or facts.is_stale(at.date()),
    )


def _standing(opening: Opening, at: datetime) -> Standing:
    """Say how it stands by its known hours, whoever has checked them."""
    if opening.open is None:
        return "unknown"
    if opening.open:
        return "open"
    return "later" if opening.opens and opening.opens <= at + _WEEK else "closed"


def fits(
    asked: Asked, facets: frozenset[str], ages: tuple[float | None, float | None]
) -> dict[str, Fits]:
    """Return what a service says of each thing that was asked for."""
    found: dict[str, Fits] = {}
    for name, facet in asked.wishes.items():
        if facet in facets:
            found[name] = "yes"
        elif name == "language" and "interpreter" in facets:
            found[name] = "maybe"
        elif name == "language" and any(one.startswith("lang:") for one in facets):
            found[name] = "unsaid"
        else:
            found[name] = "unknown"
    if asked.age is not None:
        found["age"] = "unknown" if ages == (None, None) else "yes"
    return found


def miles(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the miles between two places (latitude, longitude in degrees) over the ground."""
    up, along = (radians(b - a) / 2 for a, b in zip(one, other, strict=True))
    # Haversine, on a globe.
    half = sin(up) ** 2 + cos(radians(one[0])) * cos(radians(other[0])) * sin(along) ** 2
    return _MILES_ACROSS * asin(sqrt(half))
