"""Whom of the office words may mean: nothing is decided by it, but who must be asked about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from upstander.mandated.recipients import Officer
from upstander.matters.people_near import near_by_id
from upstander.people.roles import DISTRICT_OFFICE
from upstander.tips.place_words import beside_places
from upstander.tips.whom import met_in


def may_mean(officers: Iterable[Officer], text: str, district_id: int) -> set[int]:
    """Return whom of the district's office a text may mean; call inside ``viewing``."""
    district = [one for one in officers if one.school_id is None and one.role in DISTRICT_OFFICE]
    known = {one.person_id: one for one in near_by_id(one.person_id for one in district)}
    near = [
        replace(known[one.person_id], role=one.role) for one in district if one.person_id in known
    ]
    return set(met_in(beside_places(text, district_id, near), near).people)
