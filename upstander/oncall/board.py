"""Four weeks of a plan as pages show them: day by day, with the gaps. Pure but for names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from upstander.oncall.days import is_school_day, public_holidays
from upstander.oncall.queries import gaps
from upstander.oncall.rota import Plan, Span, shifts, sittings
from upstander.oncall.wall_time import instant
from upstander.ui.times import clock, weekday

WEEKS = 4
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Entry:
    """Who is called from ``start`` (local) on, within one day. A gap is "nobody" or
    "unreachable"."""

    start: datetime
    #: The day begins with it: no time needs to be said.
    all_along: bool
    people: tuple[str, ...]
    then: tuple[str, ...]
    gap: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of the board."""

    day: date
    entries: tuple[Entry, ...]
    #: Why there is no school, where a calendar says so.
    free: str = ""
    today: bool = False

    @property
    def gap(self) -> bool:
        return any(entry.gap for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Gap:
    """A time (team's local) in which nobody is called first whom anything rings."""

    start: datetime
    end: datetime
    people: tuple[str, ...]
    now: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A shift of one person, as a whole, in the team's local time."""

    duty: str
    start: datetime
    end: datetime
    #: It runs at the window's beginning, and perhaps began before.
    running: bool = False
    #: It goes on at the window's end: nothing is known of its own.
    lasting: bool = False

    @property
    def words(self) -> str:
        """Say when it is: "Mon., Nov. 30, 8:00 a.m. to Mon., Dec. 7, 8:00 a.m."."""
        words = (
            _("%(start)s to %(end)s")
            if self.duty == "primary"
            else _("backup, %(start)s to %(end)s")
        )
        short = self.start.date() == self.end.date()
        return words % {
            "start": _("now") if self.running else weekday(self.start),
            "end": clock(self.end) if short else weekday(self.end),
        }


@dataclass(frozen=True, slots=True)
class Sitting:
    """Who is at a place, and when (team's local)."""

    place: str
    start: datetime
    end: datetime
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A team's next four weeks."""

    plan: Plan
    weeks: tuple[tuple[Day, ...], ...]
    gaps: tuple[Gap, ...]
    sittings: tuple[Sitting, ...]
    zone: str


def window(plan: Plan, now: datetime) -> tuple[datetime, datetime]:
    """Return from when to when (UTC) a board reaches: today's week and the three after it."""
    today = now.astimezone(plan.zone).date()
    first = today - timedelta(days=today.weekday())
    return (
        instant(first, time(0), plan.zone),
        instant(first + timedelta(weeks=WEEKS), time(0), plan.zone),
    )


def board(
    plan: Plan,
    now: datetime,
    *,
    names: Mapping[int, str],
    reached: frozenset[int],
    labels: Mapping[date, str],
    me: int,
) -> Board:
    """Lay out a plan's four weeks. Past days of this week stay empty; times are the team's."""
    start, end = window(plan, now)
    first = start.astimezone(plan.zone).date()
    primary = shifts(plan, "primary", now, end)
    backup = shifts(plan, "backup", now, end)
    today = now.astimezone(plan.zone).date()
    days = []
    for number in range(7 * WEEKS):
        day = first + number * _DAY
        begins, ends = instant(day, time(0), plan.zone), instant(day + _DAY, time(0), plan.zone)
        entries = (
            _entries(plan, primary, backup, max(begins, now), ends, names, reached, me)
            if ends > now
            else ()
        )
        days.append(Day(day, entries, _free(plan, day, labels), today=day == today))
    return Board(
        plan=plan,
        weeks=tuple(tuple(days[i : i + 7]) for i in range(0, len(days), 7)),
        gaps=tuple(
            Gap(
                begins.astimezone(plan.zone),
                ends.astimezone(plan.zone),
                _names(
                    {p for s in primary if s.start < ends and s.end > begins for p in s.people},
                    names,
                ),
                begins <= now,
            )
            for begins, ends in gaps(plan, now, end, reached)
        ),
        sittings=tuple(
            Sitting(
                place,
                one.start.astimezone(plan.zone),
                one.end.astimezone(plan.zone),
                _names(one.people, names),
            )
            for place, one in sittings(plan, now, end)
        ),
        zone=plan.zone.key.replace("_", " "),
    )


def _entries(
    plan: Plan,
    primary: Sequence[Span],
    backup: Sequence[Span],
    start: datetime,
    end: datetime,
    names: Mapping[int, str],
    reached: frozenset[int],
    me: int,
) -> tuple[Entry, ...]:
    moments = {start}
    for span in (*primary, *backup):
        if start < span.start < end:
            moments.add(span.start)
    found: list[Entry] = []
    for moment in sorted(moments):
        first, then = _at(primary, moment), _at(backup, moment)
        gap = "" if set(first) & reached else "unreachable" if first else "nobody"
        entry = Entry(
            start=moment.astimezone(plan.zone),
            all_along=moment == start,
            people=_names(first, names),
            then=_names([p for p in then if p not in first], names),
            gap="" if plan.as_a_whole else gap,
            mine=me in first,
        )
        if not found or (found[-1].people, found[-1].then) != (entry.people, entry.then):
            found.append(entry)
    return tuple(found)


def _at(spans: Sequence[Span], moment: datetime) -> tuple[int, ...]:
    return next((span.people for span in spans if span.start <= moment < span.end), ())


def _names(people: Sequence[int] | set[int], names: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(names.get(person, _("someone else")) for person in people)


def _free(plan: Plan, day: date, labels: Mapping[date, str]) -> str:
    """Return why a day is none of school; a plain weekend needs no reason."""
    if day in labels:
        return labels[day]
    if is_school_day(day, plan.region, plan.breaks):
        return ""
    return public_holidays(plan.region, day.year).get(day, "")


def turns_of(plan: Plan, person_id: int, start: datetime, end: datetime) -> list[Turn]:
    """Return one person's shifts that begin or run within a window, in the team's local time.

    Neighbours with other colleagues beside them are one shift.
    """
    found: list[Turn] = []
    for duty in ("primary", "backup"):
        last: Turn | None = None
        for span in shifts(plan, duty, start, end):
            if person_id not in span.people:
                continue
            begins, ends = span.start.astimezone(plan.zone), span.end.astimezone(plan.zone)
            # Compared as instants: two local times of one zone are compared by their clocks.
            if last is not None and last.end.timestamp() == span.start.timestamp():
                found.remove(last)
                begins = last.start
            last = Turn(
                duty,
                begins,
                ends,
                running=begins.timestamp() == start.timestamp(),
                lasting=span.end == end,
            )
            found.append(last)
    return sorted(found, key=lambda turn: (turn.start.timestamp(), turn.duty))
