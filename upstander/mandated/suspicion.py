"""What somebody says when they say "I suspect", and who of staff it means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from upstander.mandated.recipients import Officer, holding
from upstander.people.roles import Role


class About(StrEnum):
    """Who of staff a suspicion is about."""

    #: Nobody has answered yet: that is no answer, and a form asks again.
    UNSAID = ""
    NOBODY = "nobody"
    HEAD = "head"
    DESIGNEE = "designee"
    NAMED = "named"
    UNKNOWN = "unknown"


#: Whom an office's answer means, by the offices of the school at which it is.
_MEANT: Mapping[About, Role] = {
    About.HEAD: Role.HEAD_OF_SCHOOL,
    About.DESIGNEE: Role.DESIGNEE,
}


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What somebody says when they say "I suspect". Only the time and the kind are needed."""

    rule_set: str
    rule: str
    district_id: int
    #: When reasonable cause arose (UTC).
    cause_at: datetime
    school_id: int | None = None
    tip_id: UUID | None = None
    case_id: UUID | None = None
    matter_id: UUID | None = None
    #: Members of staff who are accused: they and those under them never see it.
    accused: tuple[int, ...] = ()
    #: Who of staff it is about, where nobody was chosen by name. Left out where the rule is about
    #: staff, it is as if it weren't known: nobody at the school sees it.
    about: About = About.UNSAID
    #: Of the child, and of what happened, where it is about staff; None: not known.
    disability: bool | None = None
    restraint: bool | None = None
    words: Mapping[str, str] = field(default_factory=dict)


def accused_in(suspicion: Suspicion, officers: Iterable[Officer]) -> tuple[int, ...]:
    """Return who is accused: those chosen by name, and whoever holds the office that is."""
    people = set(suspicion.accused)
    if suspicion.about in _MEANT and suspicion.school_id is not None:
        at_school = [one for one in officers if one.school_id == suspicion.school_id]
        people |= holding(at_school, [_MEANT[suspicion.about]], suspicion.school_id)
    return tuple(sorted(people))
