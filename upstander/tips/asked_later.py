"""Words that were kept without a question, as 911 waits for none: whom they may mean waits.

Until somebody else has said whether it is about them, whoever is met doesn't read them. That it
isn't stays as a note of the center's, and counts for what had been written by then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from upstander.matters.exclusions import Exclusions
from upstander.matters.people_near import Near, people_near
from upstander.people.keys import person_mac
from upstander.people.roles import TeamKind
from upstander.tips.models import Tip
from upstander.tips.place_words import places_of, without_places
from upstander.tips.whom import people_met

_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_ACCOUNT: Final = re.compile(r", account (\d+)$", re.MULTILINE)
_NOT_THEY: Final = "Named in words about 911, and it is not about them:"


class Later(NamedTuple):
    """Words that were kept so: by whom, and when."""

    by: int
    at: datetime
    text: str


def answer_of(people: Iterable[Near]) -> str:
    """Return the note that says that words are not about these.

    By their accounts' numbers too: whoever takes an answered colleague's name is asked about anew.
    """
    return "\n".join([_NOT_THEY, *sorted({f"{o.name}, account {o.person_id}" for o in people})])


@dataclass(frozen=True, slots=True)
class Unasked:
    """Who of a tip's center may be met, and when somebody said last that it isn't about them."""

    near: Sequence[Near]
    places: Sequence[str]
    answers: dict[int, datetime]

    @classmethod
    def on(cls, tip: Tip, answers: Iterable[tuple[datetime, str]]) -> Unasked:
        """Gather it, with the notes that ``answer_of`` made, oldest first; inside ``viewing``."""
        excluded = Exclusions.on([tip.matter_id])
        near = [
            one
            for one in people_near(tip.district_id)
            if one.kind is TeamKind.CENTER and person_mac(one.person_id) not in excluded
        ]
        said = {int(who): at for at, text in answers for who in _ACCOUNT.findall(text)}
        return cls(near, places_of([tip.district_id]), said)

    def hides(self, one: Later, me: int) -> bool:
        """Tell whether words may mean this person, and nobody has said that they don't."""
        return any(self._waits(one, person) for person in self.near if person.person_id == me)

    def met(self, words: Iterable[Later], me: int) -> tuple[list[Near], str]:
        """Return whom else than ``me`` words may mean, and those words; what ``me`` reads alone."""
        seen = [one for one in words if not self.hides(one, me)]
        others = [person for person in self.near if person.person_id != me]
        people = [person for person in others if any(self._waits(one, person) for one in seen)]
        waiting = [one.text for one in seen if any(self._waits(one, who) for who in people)]
        return people, without_places("\n".join(waiting), self.places, people)

    def _waits(self, one: Later, person: Near) -> bool:
        return (
            one.by != person.person_id
            and one.at > self.answers.get(person.person_id, _NEVER)
            and bool(people_met(without_places(one.text, self.places, [person]), [person]))
        )
