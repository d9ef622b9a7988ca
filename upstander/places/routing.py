"""Where a tip goes at first: which center, which floor. A person decides the rest.

A place that is not known costs nobody their tip: it goes where an administrator has said, else to
the only center, or to the center of the first district (``upstander doctor`` complains of that
where there are several), and the counselor asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from upstander.places.priority import Priority
from upstander.places.public import PublicCenter, public_places
from upstander.places.taxonomy import LAST_DOOR, TILES_BY_KEY, Floor, priority_floor

RANK: dict[Priority, int] = {Priority.LIFE_SAFETY: 0, Priority.URGENT: 1, Priority.ROUTINE: 2}


@dataclass(frozen=True, slots=True)
class Route:
    """Where a tip goes and how urgent its answers make it at least."""

    center: PublicCenter
    district_id: int
    school_id: int | None
    tile: str
    floor: Floor
    happening_now: bool
    #: Whether they name somebody who must not see it.
    not_see: bool

    @property
    def rank(self) -> int:
        """0 for life safety, 1 urgent, 2 routine."""
        return RANK[self.floor.priority]


#: What is typed for "nobody" under the question who must not see it, in the form's languages.
_NOBODY = frozenset(
    {
        *("no", "nope", "none", "nobody", "no one", "noone", "n/a", "na", "not really"),
        *("nadie", "ninguno", "ninguna", "لا", "لا أحد", "لا احد"),
    }
)


def names_somebody(answer: str) -> bool:
    """Tell whether an answer to "Who should not see this?" names anybody: all but a plain "no"."""
    plain = " ".join(answer.split()).strip(" .,!-–").casefold()
    return bool(plain) and plain not in _NOBODY


class NoCenter(Exception):
    """No center with a signed key is set up, so that nobody could read a tip."""


def route_for(
    tile: str | None,
    answers: Mapping[str, str],
    school_id: int | None,
    district_id: int | None,
) -> Route:
    """Return where a tip goes. Raises NoCenter on an installation that is not set up."""
    places = public_places()
    school = places.schools.get(school_id) if school_id is not None else None
    wanted = school.district_id if school else district_id
    district = places.district(wanted)
    if district is None and places.catch_all and places.catch_all.center_id in places.centers:
        district = places.catch_all
    if district is None:
        district = next(
            (d for d in places.districts.values() if d.center_id in places.centers), None
        )
    if district is None or district.center_id not in places.centers:
        raise NoCenter
    # A tip whose sender picked no tile comes in by the last door.
    key = tile if tile and tile in TILES_BY_KEY else LAST_DOOR
    return Route(
        center=places.centers[district.center_id],
        district_id=district.id,
        school_id=school.id if school else None,
        tile=key,
        floor=priority_floor(key, answers),
        happening_now=answers.get("when") == "now",
        not_see=names_somebody(answers.get("not_see", "")),
    )
