"""Who besides its owner sees a duty: the school's office and the district's, never who is accused.

The rule is one function of plain values, so that it can be read (and tested) as a table: whoever is
accused, and whoever would have to judge their own superior, is passed over for the next outside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from upstander.mandated.models import WideExclusion
from upstander.matters.exclusions import Exclusions
from upstander.people.keys import person_mac
from upstander.people.models import Membership
from upstander.people.roles import DISTRICT_OFFICE, SCHOOL_OFFICE, Role, TeamKind
from upstander.places.models import District


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody in an office for mandated reports."""

    person_id: int
    role: Role
    school_id: int | None


#: Whom each may have to judge: a designee depends on their head of school, heads and the compliance
#: lead on the superintendent. Whoever depends on the accused is passed over with them.
_ABOVE = {
    Role.DESIGNEE: Role.HEAD_OF_SCHOOL,
    Role.HEAD_OF_SCHOOL: Role.SUPERINTENDENT,
    Role.COMPLIANCE_LEAD: Role.SUPERINTENDENT,
}


def recipients(
    officers: Iterable[Officer], *, school_id: int | None, accused: Iterable[int]
) -> tuple[int, ...]:
    """Return the persons who see a duty at a school, in the order in which they are told.

    The head of the school and their designee, then the district's compliance lead and the
    superintendent. If the head is accused, nobody of that school's office; if the superintendent
    is, the chair of the board alone, and without a chair nobody at all: everybody else depends on
    the superintendent, and that there is a duty is told to the outside monitors (mandated_unseen).
    The chair is nobody's to tell otherwise.
    """
    named = set(accused)
    near = [one for one in officers if one.school_id in (None, school_id)]
    accused_roles = {(one.role, one.school_id) for one in near if one.person_id in named}

    def may_see(one: Officer) -> bool:
        return one.person_id not in named and not _under(one, accused_roles)

    school = [one for one in near if one.school_id is not None and may_see(one)]
    district = [
        one
        for one in near
        if one.school_id is None and one.role != Role.BOARD_CHAIR and may_see(one)
    ]
    board = [one for one in near if one.role == Role.BOARD_CHAIR and may_see(one)]
    told = sorted(school, key=_rank) + sorted(district, key=_rank)
    if (Role.SUPERINTENDENT, None) in accused_roles or not district:
        told += board
    return tuple(dict.fromkeys(one.person_id for one in told))


def outside(officers: Iterable[Officer]) -> list[Officer]:
    """Return the officers who are of no school: for whom of a building is accused isn't known."""
    return [one for one in officers if one.school_id is None]


def depending_on(officers: Iterable[Officer], accused: Iterable[int]) -> set[int]:
    """Return who is in an office under somebody accused: they are passed over with them."""
    officers, named = list(officers), set(accused)
    over = {(one.role, one.school_id) for one in officers if one.person_id in named}
    return {one.person_id for one in officers if _under(one, over)} - named


def _under(one: Officer, accused: Collection[tuple[Role, int | None]]) -> bool:
    """Tell whether somebody in an office depends, however far up, on one that is accused."""
    above = _ABOVE.get(one.role)
    while above is not None:
        if (above, one.school_id if above in SCHOOL_OFFICE else None) in accused:
            return True
        above = _ABOVE.get(above)
    return False


def excluded_with(officers: Iterable[Officer], accused: Iterable[int]) -> set[int]:
    """Return whom an exclusion on these excludes as well: the lead under an accused superintendent.

    They hold the register by their team's key, which nobody can take from one of its members.
    """
    officers = [one for one in officers if one.school_id is None]
    return depending_on(officers, accused)


def holding(officers: Iterable[Officer], roles: Iterable[Role], school_id: int | None) -> set[int]:
    """Return who holds one of these offices, at a school or in the district's own."""
    wanted = set(roles)
    return {
        one.person_id
        for one in officers
        if one.role in wanted and one.school_id in (None, school_id)
    }


def copy_goes_to(
    officers: Iterable[Officer], *, school_id: int | None, accused: Iterable[int], owner: int
) -> int | None:
    """Return who gets the copy of a written report: the head of the school, or the next who may.

    If the head is accused, the next outside the building; whoever wrote it needs none. None: there
    is nobody.
    """
    told = recipients(officers, school_id=school_id, accused=accused)
    return next((person for person in told if person != owner), None)


_ORDER = (*SCHOOL_OFFICE, *DISTRICT_OFFICE, Role.CENTER_SUPERVISOR)


def _rank(one: Officer) -> int:
    return _ORDER.index(one.role)


def agency_at(district_id: int) -> int | None:
    """Return the agency of advocates whose own this district is; None: it is none's.

    A district with schools is never an agency's, whatever somebody ticks: its offices and who
    watches over it keep what they see.
    """
    own = District.objects.filter(pk=district_id, center__advocates=True, schools=None)
    return own.values_list("center_id", flat=True).first()


def officers_of(district_id: int) -> list[Officer]:
    """Return everybody in the offices of a district and its schools; call inside ``viewing``.

    What an advocate suspects is told by their client: only their agency's supervisors hear of it.
    """
    agency = agency_at(district_id)
    rows = Membership.objects.filter(
        Q(role=Role.CENTER_SUPERVISOR, team__kind=TeamKind.CENTER, team__center_id=agency)
        if agency is not None
        else Q(team__kind=TeamKind.OFFICE, team__district_id=district_id),
        person__is_active=True,
    ).values_list("person_id", "role", "team__school_id")
    return [Officer(person, Role(role), school) for person, role, school in rows]


def accused_among(officers: Iterable[Officer], matter_id: UUID) -> set[int]:
    """Return those in office whom a matter is kept from; call inside ``viewing``.

    Somebody who stepped aside counts as well: then too nobody under them acts in their place.
    """
    exclusions = Exclusions.on([matter_id])
    # Whom a report of it is kept from for now, until a second person agrees for the matter.
    rows = WideExclusion.objects.filter(matter_id=matter_id).values_list("person_macs", flat=True)
    wide = Exclusions((matter_id, mac) for macs in rows for mac in macs)
    codes = {one.person_id: person_mac(one.person_id) for one in officers}
    return {person for person, code in codes.items() if code in exclusions or code in wide}
