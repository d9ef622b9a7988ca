"""Whose law a district has: its State's."""

from __future__ import annotations

from upstander.places.models import District
from upstander.states import Law, law


def law_of(district: District | int) -> Law:
    """Return the law of a district's State; one query for an id. Raises KeyError: no folder."""
    if isinstance(district, District):
        return law(district.state)
    return law(District.objects.values_list("state", flat=True).get(pk=district))
