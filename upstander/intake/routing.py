"""Where a tip goes at first: which center, which floor. A person decides the rest.

A place that is not known costs nobody their tip: it goes where an administrator has said, else to
the only center, or to the center of the first district (``upstander doctor`` complains of that
where there are several), and the counselor asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from upstander.intake.priority import Priority
from upstander.intake.served import PublicCenter, PublicPlaces
from upstander.intake.taxonomy import TILES_BY_KEY, Floor, priority_floor

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
    #: Today or tonight, or a life is in danger and nobody said that it is not so soon.
    soon: bool
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
    places: PublicPlaces,
    tile: str | None,
    answers: Mapping[str, str],
    school_id: int | None,
    district_id: int | None,
) -> Route:
    """Return where a tip goes. Raises NoCenter on an installation that is not set up."""
    school = places.schools.get(school_id) if school_id is not None else None
    wanted = school.district_id if school else district_id
    district = places.district(wanted)
    if district is None and places.catch_all and places.catch_all.center_id in places.centers:
        district = places.catch_all
    if district is None:
        district = next(
            (
                d
                for d in (*places.of_schools, *places.districts.values())
                if d.center_id in places.centers
            ),
            None,
        )
    if district is None or district.center_id not in places.centers:
        raise NoCenter
    # Whoever picked no topic said nothing of one: nothing is filled in for them.
    key = tile if tile and tile in TILES_BY_KEY else ""
    floor, when = priority_floor(key, answers), answers.get("when")
    life = floor.priority is Priority.LIFE_SAFETY
    return Route(
        center=places.centers[district.center_id],
        district_id=district.id,
        school_id=school.id if school else None,
        tile=key,
        floor=floor,
        happening_now=when == "now",
        soon=when == "soon" or (life and when not in ("now", "days")),
        not_see=names_somebody(answers.get("not_see", "")),
    )


def soon_if_unknown(route: Route, *, suspected: bool = False) -> Route:
    """Return a route that is urgent at least, where nobody knows yet what a tip is about.

    A text or a call has no form, and whoever sends words alone picked nothing: unknown is not
    harmless, and somebody looks soon. ``suspected``: an adult who took the words down suspects
    abuse or neglect. That is a person's answer, and makes it urgent and a matter of duties.
    """
    floor = replace(route.floor, mandated=route.floor.mandated or suspected)
    if (suspected or not route.tile) and floor.priority is Priority.ROUTINE:
        floor = replace(floor, priority=Priority.URGENT)
    return replace(route, floor=floor)
