"""By which ways a person is told, and how soon: their own rules, and the center's floor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from upstander.intake.priority import Priority
from upstander.oncall.models import Floor, OwnRule
from upstander.people.models import Membership


class Way(NamedTuple):
    """Tell by ``channel`` so many seconds after the step began."""

    after_seconds: int
    channel: str


#: For whoever has set nothing up. At night an urgent tip waits anyway (hours.py).
DEFAULTS: dict[Priority, Mapping[str, int]] = {
    Priority.LIFE_SAFETY: {"push": 0, "sms": 0, "email": 0, "voice": 60},
    Priority.URGENT: {"push": 0, "sms": 0, "email": 0},
    Priority.ROUTINE: {"push": 0, "email": 0},
}
#: What holds for life safety where a center has set nothing: channel → at the latest after.
FLOOR: Mapping[str, int] = {"push": 0, "sms": 0, "voice": 60}
#: A center's own floor is no slower than this.
SLOWEST_FLOOR = 300


def ways(person_ids: Iterable[int], priority: str) -> dict[int, list[Way]]:
    """Return each person's ways for a priority, soonest first; never an empty list.

    A person with no method on a channel simply isn't told that way. For life safety the strictest
    floor of the centers that serve the person's teams holds, whatever they chose. Three queries.
    """
    ids, wanted = list(person_ids), Priority(priority)
    own: dict[int, dict[str, int]] = defaultdict(dict)
    for rule in OwnRule.objects.filter(person_id__in=ids, priority=wanted.value):
        own[rule.person_id][rule.channel] = rule.after_seconds
    floors = floors_of(ids) if wanted is Priority.LIFE_SAFETY else {}
    return {
        person: combined(own.get(person) or DEFAULTS[wanted], floors.get(person, {}))
        for person in ids
    }


def combined(chosen: Mapping[str, int], floor: Mapping[str, int]) -> list[Way]:
    """Put a person's choice and a floor together: each channel as soon as either says. Pure."""
    soonest = dict(chosen)
    for channel, after in floor.items():
        soonest[channel] = min(after, soonest.get(channel, after))
    return sorted(Way(after, channel) for channel, after in soonest.items())


def floors_of(person_ids: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return for each person the strictest floor of the centers that serve them: two queries."""
    centers: dict[int, set[int]] = defaultdict(set)
    for person, own_center, serving in Membership.objects.filter(
        person_id__in=list(person_ids)
    ).values_list("person_id", "team__center_id", "team__district__center_id"):
        centers[person] |= {center for center in (own_center, serving) if center}
    every = {center for of_person in centers.values() for center in of_person}
    set_by: dict[int, dict[str, int]] = defaultdict(dict)
    for floor in Floor.objects.filter(center_id__in=every):
        set_by[floor.center_id][floor.channel] = floor.after_seconds
    found: dict[int, dict[str, int]] = {}
    for person, of_person in centers.items():
        strictest: dict[str, int] = {}
        for center in of_person:
            for channel, after in (set_by.get(center) or FLOOR).items():
                strictest[channel] = min(after, strictest.get(channel, after))
        found[person] = strictest
    return found
