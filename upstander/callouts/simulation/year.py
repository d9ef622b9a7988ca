"""One year under one policy, event by event (simpy)."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import simpy

from upstander.callouts.planning import Clinician, Floats, Suggestion, Waiting, plan
from upstander.callouts.simulation import world

#: Somebody with a child is planned with when they may be free within so many minutes.
_SOON = 20.0


class Policy(StrEnum):
    """Who decides who goes."""

    BASELINE = "nearest free of one's own site"
    PRODUCT = "planned over all that wait"


@dataclass(frozen=True, slots=True)
class Year:
    """What came of each episode, in their order; minutes, NaN where nobody came in person."""

    from_decision: Floats
    from_call: Floats
    region: np.ndarray[Any, np.dtype[np.intp]]
    territory: np.ndarray[Any, np.dtype[np.intp]]
    language: Sequence[str]
    school: np.ndarray[Any, np.dtype[np.bool_]]
    by_phone: np.ndarray[Any, np.dtype[np.bool_]]
    hour: np.ndarray[Any, np.dtype[np.intp]]

    def in_person(self) -> float:
        """Return the share (0 to 1) seen in person."""
        return float(np.mean(~np.isnan(self.from_decision)))

    def kept(self) -> float:
        """Return the share seen within 45 minutes of all that were not settled by phone at once."""
        return float(np.mean(self.from_decision[~self.by_phone] <= 45.0))

    def in_time(self, only: np.ndarray[Any, np.dtype[np.bool_]] | None = None) -> float:
        """Return the share of those seen in person within 45 minutes of the decision to go."""
        came = ~np.isnan(self.from_decision) & (True if only is None else only)
        return float(np.mean(self.from_decision[came] <= 45.0)) if came.any() else float("nan")


@dataclass(slots=True)
class _Person:
    site: int
    languages: frozenset[str]
    free_at: float = 0.0
    gone: int = 0
    day: int = -1


class _Run:
    """The year's state: who waits, who is where until when."""

    def __init__(self, inputs: world.Inputs, policy: Policy, seed: int) -> None:
        self.inputs, self.policy = inputs, policy
        self.where = world.geography()
        self.episodes = world.arrivals(inputs, self.where, seed)
        self.there, spoken = world.on_shift(inputs, self.where, seed)
        slots = len(spoken) // world.SITES
        self.people = [_Person(n // slots, spoken[n]) for n in range(len(spoken))]
        self.env = simpy.Environment()
        self.waiting: dict[int, float] = {}
        self.from_decision = np.full(len(self.episodes), np.nan)
        self.from_call = np.full(len(self.episodes), np.nan)

    def run(self) -> Year:
        self.env.process(self.calls())
        self.env.process(self.shifts())
        self.env.run(until=world.MINUTES + 24 * 60)
        return Year(
            self.from_decision,
            self.from_call,
            np.array([self.where.region[one.town] for one in self.episodes]),
            np.array([self.where.territory[one.town] for one in self.episodes]),
            [one.language for one in self.episodes],
            np.array([one.school for one in self.episodes]),
            np.array([one.by_phone for one in self.episodes]),
            np.array([int(one.at // 60) % 24 for one in self.episodes]),
        )

    def calls(self) -> Generator[simpy.Event]:
        for number, one in enumerate(self.episodes):
            yield self.env.timeout(max(0.0, one.at - self.env.now))
            if not one.by_phone:
                self.env.process(self.decided(number))

    def decided(self, number: int) -> Generator[simpy.Event]:
        yield self.env.timeout(self.episodes[number].triage)
        self.waiting[number] = self.env.now
        self.send()
        yield self.env.timeout(self.inputs.patience)
        self.waiting.pop(number, None)

    def shifts(self) -> Generator[simpy.Event]:
        while self.env.now < world.MINUTES:
            self.send()
            yield self.env.timeout(60)

    def free(self) -> list[tuple[int, float]]:
        """Return who may be sent: key, and minutes until free (0 = now)."""
        hour = min(int(self.env.now // 60), world.DAYS * world.HOURS - 1)
        soon = _SOON if self.policy is Policy.PRODUCT else 0.0
        return [
            (int(key), max(0.0, self.people[key].free_at - self.env.now))
            for key in np.flatnonzero(self.there[hour])
            if self.people[key].free_at - self.env.now <= soon
        ]

    def send(self) -> None:
        if not self.waiting:
            return
        free = self.free()
        choose = self.planned if self.policy is Policy.PRODUCT else self.nearest
        for number, key in choose(free):
            decided = self.waiting.pop(number)
            self.env.process(self.goes(number, key, decided))

    def nearest(self, free: list[tuple[int, float]]) -> list[tuple[int, int]]:
        """Return callout and person: each, longest waiting first, by whom its own site has."""
        left = [key for key, _ in free]
        chosen = []
        for number in self.waiting:
            own = self.where.territory[self.episodes[number].town]
            one = next((key for key in left if self.people[key].site == own), None)
            if one is not None:
                left.remove(one)
                chosen.append((number, one))
        return chosen

    def planned(self, free: list[tuple[int, float]]) -> list[tuple[int, int]]:
        """Return callout and person as the product plans them, those that are to go now."""
        day = int(self.env.now // (24 * 60))
        staff = [
            Clinician(
                key,
                self.people[key].site,
                until,
                self.people[key].languages,
                gone_today=self.people[key].gone if self.people[key].day == day else 0,
            )
            for key, until in free
        ]
        waiting = [
            Waiting(
                number,
                self.where.towns[self.episodes[number].town],
                self.where.territory[self.episodes[number].town],
                self.env.now - since,
                self.episodes[number].language,
            )
            for number, since in self.waiting.items()
        ]
        travel = _Roads(self.inputs, self.where, self.env.now)
        plans: list[Suggestion] = plan(waiting, staff, self.where.sites, travel)
        return [(one.callout, one.clinician) for one in plans if one.free_in == 0]

    def goes(self, number: int, key: int, decided: float) -> Generator[simpy.Event]:
        one, person = self.episodes[number], self.people[key]
        roads = _Roads(self.inputs, self.where, self.env.now)
        way = float(roads.table()[person.site, one.town]) * one.way
        strange = bool(one.language) and one.language not in person.languages
        there = one.on_scene * (1.25 if strange else 1.0)
        person.free_at = self.env.now + one.accept + way + there + self.inputs.after
        day = int(self.env.now // (24 * 60))
        person.gone, person.day = (person.gone + 1 if person.day == day else 1), day
        yield self.env.timeout(one.accept + way)
        self.from_decision[number] = self.env.now - decided
        self.from_call[number] = self.env.now - one.at
        yield self.env.timeout(there + self.inputs.after)
        self.send()


class _Roads:
    """Ways between sites and towns at a minute of the year, with a closed road where one is."""

    _known: dict[tuple[world.Inputs, float], Floats] = {}

    def __init__(self, inputs: world.Inputs, where: world.Geography, minute: float) -> None:
        self.inputs, self.where, self.minute = inputs, where, minute

    def table(self) -> Floats:
        """Return minutes, sites × towns."""
        key = (self.inputs, world.traffic(self.minute))
        if key not in self._known:
            found = world.travel(self.inputs, self.minute).minutes(
                self.where.sites, self.where.towns
            )
            if self.inputs.closed_road:
                one, other = self.inputs.closed_road
                region = np.array(self.where.region)
                own = np.array([world.region_of(n) for n in range(world.SITES)])
                for here, there in ((one, other), (other, one)):
                    found[np.ix_(own == here, region == there)] *= 2
            self._known[key] = found
        return self._known[key]

    def minutes(self, sites: Sequence[Any], places: Sequence[Any]) -> Floats:
        """Return expected minutes, all sites × ``places``, which are towns."""
        towns = [self.where.towns.index(place) for place in places]
        return self.table()[:, towns]


def year(inputs: world.Inputs, policy: Policy, seed: int) -> Year:
    """Return one year under ``policy``; the same arguments give the same figures."""
    return _Run(inputs, policy, seed).run()
