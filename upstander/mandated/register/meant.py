"""Whom of the office words may mean: nothing is decided by it, but who must be asked about."""

from __future__ import annotations

from collections.abc import Iterable

from upstander.mandated.events import names_of_people
from upstander.mandated.recipients import Officer
from upstander.mandated.register.rules import READERS
from upstander.places.people_near import Near
from upstander.places.roles import TeamKind
from upstander.tips.whom import met_in


def may_mean(officers: Iterable[Officer], text: str) -> set[int]:
    """Return whom of the district's office a text may mean; call inside ``viewing``."""
    district = [one for one in officers if one.school_id is None and one.role in READERS]
    names = names_of_people(one.person_id for one in district)
    near = [
        Near(one.person_id, name, one.role, 0, "", TeamKind.OFFICE, None, None)
        for one in district
        if (name := names.get(one.person_id))
    ]
    return set(met_in(text, near).people)
