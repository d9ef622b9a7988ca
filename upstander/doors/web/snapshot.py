"""The places as the reporter's pages see them, also while the database is away for a moment."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.db import DatabaseError

from upstander.intake.served import PublicDistrict, PublicPlaces, PublicSchool
from upstander.intake.taxonomy import Tile, tiles_for
from upstander.people.place_names import plain_name
from upstander.people.public import public_places
from upstander.vault.errors import VaultError

#: A list longer than this makes the first page too heavy; the reporter types the name then.
MOST_SCHOOLS = 200

_lock = threading.Lock()
_last: list[PublicPlaces] = []
#: So many seconds after the places could not be read they are not asked for again: each try would
#: hold a thread, and a form is opened far more often than sent.
_PAUSE = 5.0
_away_since: list[float] = []


def known_places() -> PublicPlaces:
    """Return the places, from the last time they could be read if the database is away now.

    A form that opens is worth more than a fresh one: sending it tells whether it can be kept.
    A center's key whose signature is wrong is treated the same: the last right one stands.
    Raises django.db.DatabaseError or VaultError if they were never read.
    """
    with _lock:
        if _last and _away_since and time.monotonic() - _away_since[0] < _PAUSE:
            return _last[0]
    try:
        places = public_places()
    except (DatabaseError, VaultError):
        with _lock:
            _away_since[:] = [time.monotonic()]
            if _last:
                return _last[0]
        raise
    with _lock:
        _last[:] = [places]
        _away_since.clear()
    return places


@dataclass(frozen=True, slots=True)
class Door:
    """How a reporter comes in: by no known place, a district's page, or a school's poster."""

    district: PublicDistrict | None = None
    school: PublicSchool | None = None

    @property
    def name(self) -> str:
        """The name at the head of the page; empty when no place is known."""
        return self.district.name if self.district else ""

    @property
    def tiles(self) -> tuple[Tile, ...]:
        """The tiles, in the district's order and words."""
        return tiles_for(self.district.tile_changes if self.district else ())

    @property
    def time_zone(self) -> str:
        """The clock that the reporter most likely sees."""
        return self.district.time_zone if self.district else ""


def door_to(places: PublicPlaces, *, district: str = "", school: str = "") -> Door:
    """Return the door named by slugs. Unknown ones are passed over; an only district is meant."""
    found_school = places.school_named(school) if school else None
    found = (
        places.districts.get(found_school.district_id)
        if found_school
        else places.district_named(district)
        if district
        else None
    )
    if found is None and len(places.of_schools) == 1:
        found = places.of_schools[0]
    return Door(found, found_school)


def any_door() -> Door:
    """Return the door of a page that nobody came to from a place. Never raises."""
    try:
        return door_to(known_places())
    except (DatabaseError, VaultError):
        return Door()


def place_of(district_id: int, school_id: int | None) -> Door:
    """Return the place of a tip, for a page's name and clock. Never raises."""
    try:
        places = known_places()
    except (DatabaseError, VaultError):
        return Door()
    school = places.schools.get(school_id) if school_id is not None else None
    return Door(places.district(district_id), school)


def school_names(places: PublicPlaces, door: Door) -> tuple[str, ...]:
    """Return what the list offers under "Which school or town?": none if they are too many."""
    schools = (
        places.schools_of(door.district.id) if door.district else tuple(places.schools.values())
    )
    if len(schools) > MOST_SCHOOLS:
        return ()
    return tuple(_label(school, several=door.district is None) for school in schools)


def school_meant(places: PublicPlaces, door: Door, typed: str) -> PublicSchool | None:
    """Return the school whose name was picked or typed: the district's own first. None: unclear."""
    wanted = plain_name(typed)
    if not wanted:
        return None
    own = places.schools_of(door.district.id) if door.district else ()
    for schools in (own, tuple(places.schools.values())):
        found = [
            s
            for s in schools
            if wanted in map(plain_name, (s.name, _label(s, several=True), s.slug))
        ]
        if len(found) == 1:
            return found[0]
    return None


def _label(school: PublicSchool, *, several: bool) -> str:
    beside = school.apart or (school.town if several else "")
    return f"{school.name}, {beside}" if beside else school.name
