"""A call as the desk shows it: who waits at which door since when, who has whom. Never a number.

Call all of it inside ``viewing``: the database leaves out what the viewer may not see.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from upstander.base.languages import language_of
from upstander.carriers.models import Channel
from upstander.carriers.queries import ways_of
from upstander.doors.call_models import Leg
from upstander.doors.calls.shown import CallShown, LegShown, live_calls
from upstander.matters.exclusions import Exclusions
from upstander.people.keys import person_mac
from upstander.people.models import Membership
from upstander.people.roles import TeamKind
from upstander.places.models import District, School
from upstander.tips.models import Tip
from upstander.tips.queries import names_of

#: Who else is in a call or asked in, by ``Leg.Kind``.
_OTHERS: Mapping[str, Promise] = {
    Leg.Kind.INTERPRETER: gettext_lazy("interpreter"),
    Leg.Kind.PSAP: gettext_lazy("911 center"),
    Leg.Kind.FALLBACK: gettext_lazy("the center’s own phone"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague, by name."""

    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Card:
    """One call that lasts."""

    call: CallShown
    reference: str
    #: The line that they dialed, as staff call it: the district's, where it is one's own.
    door: str
    #: Who has it, who is asked to take it over.
    owner: str
    moving_to: str
    #: Whose phones ring for it, by name; and by id, for whom the page is.
    ringing: tuple[str, ...]
    asked: tuple[int, ...]
    #: Who else is in the call, and who is being called into it.
    others: tuple[str, ...]
    coming: tuple[str, ...]

    @property
    def words(self) -> str:
        """How it stands, in words."""
        # Of a call back: perhaps nobody picked up, and nobody hung up on anyone.
        over = (
            gettext("The call back is over")
            if self.call.back
            else gettext("The caller has hung up")
        )
        return {
            "calling": gettext("Calling them back"),
            "waiting": gettext("A caller is waiting"),
            "talking": gettext("On the phone"),
            "held": gettext("On hold"),
            "after": gettext("Hearing the code to come back with"),
            "over": over,
        }.get(self.call.state, self.call.state)

    @property
    def language(self) -> str:
        """The language that they chose by a key; empty: none yet, so both are said."""
        return language_of(self.call.language).english if self.call.language else ""

    @property
    def interpreter(self) -> bool:
        """Whether an interpreter is in the call, or being called."""
        return self._has(Leg.Kind.INTERPRETER)

    @property
    def psap(self) -> bool:
        """Whether the 911 center is in the call, or being called."""
        return self._has(Leg.Kind.PSAP)

    def _has(self, kind: Leg.Kind) -> bool:
        return any(leg.kind == kind and leg.state != Leg.State.OVER for leg in self.call.legs)


def live_cards() -> list[Card]:
    """Return the calls that last and that the viewer may see, who waits longest first."""
    return cards_of(live_calls())


def cards_of(calls: Sequence[CallShown]) -> list[Card]:
    """Return calls with the names that belong to them: three queries, however many."""
    if not calls:
        return []
    references = dict(
        Tip.objects.filter(pk__in={one.tip_id for one in calls}).values_list("pk", "reference")
    )
    districts = dict(
        District.objects.filter(pk__in={one.district_id for one in calls}).values_list("pk", "name")
    )
    people: set[int | None] = set()
    for one in calls:
        people |= {one.taken_by, one.moving_to, *(leg.person_id for leg in one.legs)}
    names = names_of(people)
    return [
        _card(one, references[one.tip_id], districts, names)
        for one in calls
        if one.tip_id in references
    ]


def _card(
    call: CallShown, reference: str, districts: dict[int, str], names: dict[int, str]
) -> Card:
    def name(person: int | None) -> str:
        return names.get(person, gettext("A colleague")) if person is not None else ""

    ringing = _in_state(call.legs, Leg.State.RINGING, Leg.State.ANSWERED)
    ears = [leg.person_id for leg in ringing if leg.kind == Leg.Kind.EAR and leg.person_id]
    others = _in_state(call.legs, Leg.State.JOINED)
    own = _OTHERS[Leg.Kind.FALLBACK] if call.state == "talking" and call.taken_by is None else ""
    return Card(
        call=call,
        reference=reference,
        door=districts.get(call.district_id, gettext("Phone")),
        owner=name(call.taken_by) or str(own),
        moving_to=name(call.moving_to),
        ringing=tuple(name(person) for person in ears)
        + tuple(str(_OTHERS[leg.kind]) for leg in ringing if leg.kind == Leg.Kind.FALLBACK),
        asked=tuple(ears),
        others=tuple(str(_OTHERS[leg.kind]) for leg in others if leg.kind in _BROUGHT_IN),
        coming=tuple(str(_OTHERS[leg.kind]) for leg in ringing if leg.kind in _BROUGHT_IN),
    )


_BROUGHT_IN = frozenset({Leg.Kind.INTERPRETER, Leg.Kind.PSAP})


def _in_state(legs: Iterable[LegShown], *states: Leg.State) -> list[LegShown]:
    return [leg for leg in legs if leg.state in states]


def colleagues_for(tip: Tip, me: int) -> list[Person]:
    """Return who of the center can be asked to go on with a call: a phone of theirs is proved.

    Nobody who is kept out of the matter: their phone must not ring for it.
    """
    members = Membership.objects.filter(
        team__kind=TeamKind.CENTER, team__center_id=tip.center_id, person__is_active=True
    ).exclude(person_id=me)
    people = set(members.values_list("person_id", flat=True))
    excluded = Exclusions.on([tip.matter_id])
    allowed = {person for person in people if person_mac(person) not in excluded}
    reached = {person for person, ways in ways_of(allowed).items() if Channel.VOICE in ways}
    return sorted((Person(pk, name) for pk, name in names_of(reached).items()), key=_by_name)


def _by_name(person: Person) -> str:
    return person.name.casefold()


def psap_schools(tip: Tip) -> list[School]:
    """Return a district's schools whose 911 center has a direct number; the tip's own first."""
    found = School.objects.filter(district_id=tip.district_id).exclude(psap_phone="")
    return sorted(found, key=lambda one: (one.pk != tip.school_id, one.name))
