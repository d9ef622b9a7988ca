"""Who opens the register and who is told of a second allegation: pure rules, tested as a table."""

from __future__ import annotations

from collections.abc import Iterable

from upstander.mandated.recipients import Officer
from upstander.people.roles import DISTRICT_OFFICE, Role


def readers(officers: Iterable[Officer], accused: Iterable[int]) -> tuple[int, ...]:
    """Return for whom an entry opens: the compliance lead, the superintendent, the board's chair.

    Never whoever is accused in its matter; and the compliance lead not where it is their
    superintendent.
    """
    return tuple(dict.fromkeys(one.person_id for one in _may(officers, accused)))


def told_of_second(officers: Iterable[Officer], accused: Iterable[int]) -> tuple[int, ...]:
    """Return who is told that a person has a second allegation: the compliance lead and the
    superintendent; the board's chair if the superintendent is accused, or nobody else is left.
    """
    officers, accused = list(officers), set(accused)
    may = _may(officers, accused)
    told = [one.person_id for one in may if one.role != Role.BOARD_CHAIR]
    if not told or _superintendent_accused(officers, accused):
        told += [one.person_id for one in may if one.role == Role.BOARD_CHAIR]
    return tuple(dict.fromkeys(told))


def _may(officers: Iterable[Officer], accused: Iterable[int]) -> list[Officer]:
    officers, named = list(officers), set(accused)
    out = {Role.COMPLIANCE_LEAD} if _superintendent_accused(officers, named) else set()
    # Somebody who is two things at once depends on whom either of them depends.
    passed_over = {one.person_id for one in officers if one.role in out} | named
    found = [
        one
        for one in officers
        if one.school_id is None
        and one.role in DISTRICT_OFFICE
        and one.person_id not in passed_over
    ]
    return sorted(found, key=lambda one: DISTRICT_OFFICE.index(one.role))


def _superintendent_accused(officers: Iterable[Officer], accused: set[int]) -> bool:
    return any(
        one.role == Role.SUPERINTENDENT and one.school_id is None and one.person_id in accused
        for one in officers
    )
