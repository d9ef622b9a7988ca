"""Turns a plan into shifts. Pure: no database, no clock of its own.

A plan's rules are wall-clock rules. Each layer is turned into intervals of real time (UTC) within
the window that is asked for; the sorted ends of all intervals cut the window into pieces, in each
of which nothing changes; each piece is decided by itself. So nights past midnight, the days on
which clocks change, and shifts that overlap need no case of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from upstander.oncall.days import Break, is_school_day
from upstander.oncall.wall_time import instant

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """People from ``start`` up to, not including, ``end`` (UTC)."""

    start: datetime
    end: datetime
    people: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LayerRule:
    """One layer, as ``models.Layer`` describes it."""

    id: int
    duty: str
    turn: str
    every: int
    hand_over: time
    starts_on: date
    ends_on: date | None
    at_once: int
    days: str
    weekdays: tuple[int, ...]
    hours: tuple[time, time] | None
    members: tuple[int, ...]
    shifts: tuple[Span, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An override: ``on`` is added, ``off`` is taken away."""

    duty: str
    on: int | None
    off: int | None
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """All that decides who of a team is on call. ``leads`` is a part of ``members``."""

    team_id: int
    name: str
    zone: ZoneInfo
    members: tuple[int, ...]
    leads: tuple[int, ...]
    #: None: the team has set nothing up.
    schedule_id: int | None = None
    region: str = "US"
    breaks: tuple[Break, ...] = ()
    layers: tuple[LayerRule, ...] = ()
    changes: tuple[Change, ...] = field(default=())
    #: Who takes a break, and from when to when: they stay on call, and others are asked.
    rests: tuple[Span, ...] = ()

    @property
    def as_a_whole(self) -> bool:
        """Whether the team is called as a whole: it has no rule of who is called."""
        return self.schedule_id is None or {one.duty for one in self.layers} == {"site"}


def sittings(plan: Plan, start: datetime, end: datetime) -> list[tuple[str, Span]]:
    """Return who sits at which place within a window, by begin; a layer's name is the place's."""
    active = frozenset(plan.members)
    found = [
        (layer.name, Span(one.start, one.end, tuple(p for p in one.people if p in active)))
        for layer in plan.layers
        if layer.duty == "site"
        for one in spans_of(layer, plan, start, end)
    ]
    return sorted((one for one in found if one[1].people), key=lambda one: (one[1].start, one[0]))


def turns(layer: LayerRule, zone: ZoneInfo, start: datetime, end: datetime) -> Iterator[Span]:
    """Give the turns of a layer that touch a window, whole, in order, each ending where the next
    begins; with the people of each, whoever they are."""
    if layer.turn == "dates":
        yield from (shift for shift in layer.shifts if shift.start < end and shift.end > start)
        return
    if not layer.members:
        return
    length = layer.every * (7 if layer.turn == "week" else 1)
    first_day = start.astimezone(zone).date() - _DAY
    number = max(0, (first_day - layer.starts_on).days // length)
    last = None if layer.ends_on is None else instant(layer.ends_on + _DAY, time(0), zone)
    while True:
        day = layer.starts_on + timedelta(days=number * length)
        begins = instant(day, layer.hand_over, zone)
        if begins >= end or (last is not None and begins >= last):
            return
        ends = instant(day + timedelta(days=length), layer.hand_over, zone)
        if last is not None:
            ends = min(ends, last)
        if ends > start and begins < ends:
            yield Span(begins, ends, people_of_turn(layer, number))
        number += 1


def people_of_turn(layer: LayerRule, number: int) -> tuple[int, ...]:
    """Return who is on in a layer's turn of this number: the next ``at_once`` in the order."""
    count = len(layer.members)
    size = min(layer.at_once, count)
    return tuple(layer.members[(number * size + i) % count] for i in range(size))


def windows(
    layer: LayerRule, plan: Plan, start: datetime, end: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Give the times in which a layer holds at all, of those that touch a window, in order."""
    if layer.hours is None and layer.days == "every" and len(layer.weekdays) == 7:
        yield start, end
        return
    day, last = (
        start.astimezone(plan.zone).date() - _DAY,
        end.astimezone(plan.zone).date() + _DAY,
    )
    while day <= last:
        if day.weekday() in layer.weekdays and (
            layer.days == "every"
            or (layer.days == "school") == is_school_day(day, plan.region, plan.breaks)
        ):
            opens, closes = layer.hours or (time(0), time(0))
            begins = instant(day, opens, plan.zone)
            ends = instant(day + _DAY if closes <= opens else day, closes, plan.zone)
            # Clocks set forward can swallow a short interval whole.
            if begins < ends and begins < end and ends > start:
                yield begins, ends
        day += _DAY


def spans_of(layer: LayerRule, plan: Plan, start: datetime, end: datetime) -> list[Span]:
    """Return a layer's spans within a window, cut to it: its turns, where it holds."""
    found: list[Span] = []
    held = list(windows(layer, plan, start, end))
    first = 0
    for turn in turns(layer, plan.zone, start, end):
        while first < len(held) and held[first][1] <= max(turn.start, start):
            first += 1
        for begins, ends in held[first:]:
            if begins >= turn.end:
                break
            span = Span(max(begins, turn.start, start), min(ends, turn.end, end), turn.people)
            if span.start < span.end:
                found.append(span)
    return found


def shifts(plan: Plan, duty: str, start: datetime, end: datetime) -> list[Span]:
    """Return who is on call for a duty through a window, without a hole between two spans.

    A span whose ``people`` is empty is one in which nobody is. Only those who are in the team now
    count. Neighbours differ. Raises ValueError for a window that doesn't go forward.
    """
    if start >= end:
        raise ValueError("a window must end after it begins")
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    active = frozenset(plan.members)
    layers = [spans_of(one, plan, start, end) for one in plan.layers if one.duty == duty]
    changes = [c for c in plan.changes if c.duty == duty and c.start < end and c.end > start]
    cuts = {start, end}
    for moments in (
        *((s.start, s.end) for spans in layers for s in spans),
        *((c.start, c.end) for c in changes),
    ):
        cuts.update(moment for moment in moments if start < moment < end)
    at = sorted(cuts)
    found: list[Span] = []
    heads = [0] * len(layers)
    for begins, ends in pairwise(at):
        people: tuple[int, ...] = ()
        for index, spans in enumerate(layers):
            while heads[index] < len(spans) and spans[heads[index]].end <= begins:
                heads[index] += 1
            if not people:
                people = tuple(p for p in _at(spans, heads[index], begins) if p in active)
        people = _changed(people, changes, begins, active)
        if found and found[-1].people == people:
            found[-1] = Span(found[-1].start, ends, people)
        else:
            found.append(Span(begins, ends, people))
    return found


def _at(spans: Sequence[Span], head: int, moment: datetime) -> tuple[int, ...]:
    """Return whom a layer's spans name at a moment. Only dated shifts overlap each other."""
    people: list[int] = []
    for span in spans[head:]:
        if span.start > moment:
            break
        if span.end > moment:
            people += [person for person in span.people if person not in people]
    return tuple(people)


def _changed(
    people: tuple[int, ...], changes: Sequence[Change], moment: datetime, active: frozenset[int]
) -> tuple[int, ...]:
    """Apply the overrides that hold at a moment, in the order in which they were made."""
    for change in changes:
        # A change that puts on somebody who has left must not take the other off.
        void = change.on is not None and change.on not in active
        if void or not change.start <= moment < change.end:
            continue
        people = tuple(p for p in people if p != change.off)
        if change.on is not None and change.on not in people:
            people = (*people, change.on)
    return people
