"""Calendars as other programs know them (iCalendar, RFC 5545): one's own shifts out, a plan in."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from django.utils.translation import gettext as _

from upstander.base.refused import Refused
from upstander.oncall.actions.calendars import Free
from upstander.oncall.board import turns_of
from upstander.oncall.rota import Plan, Span, sittings
from upstander.oncall.wall_time import instant

#: What is taken from a file: enough for a year of a big center, too little to hold up the desk.
MOST_BYTES = 512_000
MOST_EVENTS = 2_000
MOST_TIMES = 2_000
MOST_SERIES = 200
AHEAD = timedelta(days=366)
_DAY = timedelta(days=1)
#: What an event has once at most (RFC 5545, 3.6.1); RRULE "SHOULD NOT" stand twice.
_SINGLE = (
    "dtstart",
    "dtend",
    "duration",
    "uid",
    "rrule",
    "recurrence-id",
    "status",
    "summary",
)


@dataclass(frozen=True, slots=True)
class Found:
    """One time in a calendar. ``people``: whom of the team it names; ``wrong``: why it is not
    taken, if it isn't. Instants are UTC; ``day`` events have whole local days."""

    title: str
    start: datetime
    end: datetime
    people: tuple[int, ...] = ()
    wrong: str = ""


def own_calendar(
    person_id: int, plans: Sequence[Plan], start: datetime, end: datetime, now: datetime
) -> bytes:
    """Return a person's shifts as a calendar. Teams are named in it, people are not."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Upstander//On call//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("On call"))
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"value": "DURATION"})
    for plan in plans:
        if plan.schedule_id is None:
            continue
        for turn in turns_of(plan, person_id, start, end):
            event = icalendar.Event()
            begins, ends = turn.start.astimezone(UTC), turn.end.astimezone(UTC)
            named = f"{plan.team_id} {turn.duty} {begins.isoformat()}"
            event.add("uid", f"{hashlib.sha256(named.encode()).hexdigest()[:32]}@upstander")
            event.add("dtstamp", now)
            event.add("dtstart", begins)
            event.add("dtend", ends)
            word = _("On call") if turn.duty == "primary" else _("Backup")
            event.add("summary", f"{word}: {plan.name}")
            # Being on call is no meeting: the day stays free.
            event.add("transp", "TRANSPARENT")
            calendar.add_component(event)
        for place, sitting in sittings(plan, start, end):
            if person_id in sitting.people:
                event = icalendar.Event()
                named = f"{plan.team_id} {place} {sitting.start.isoformat()}"
                event.add("uid", f"{hashlib.sha256(named.encode()).hexdigest()[:32]}@upstander")
                event.add("dtstamp", now)
                event.add("dtstart", sitting.start)
                event.add("dtend", sitting.end)
                event.add("summary", place)
                calendar.add_component(event)
    return bytes(calendar.to_ical())


def shifts_in(
    data: bytes, zone: ZoneInfo, people: Mapping[int, tuple[str, str]], now: datetime
) -> list[Found]:
    """Read who is on call from a calendar, from ``now`` on for a year, by begin.

    ``people``: id → (name, email) of the team. An event is somebody's if it invites their address,
    or names them in its title. Raises Refused.
    """
    found = []
    for event, start, end in _times(data, zone, now):
        title = str(event.get("summary", ""))[:120]
        named = _who(event, title, people)
        wrong = "" if named else _("no one on the team")
        found.append(Found(title, max(start, now), end, named, wrong))
    return sorted(found, key=lambda one: (one.start, one.end))


def days_in(data: bytes, zone: ZoneInfo, now: datetime) -> list[Free]:
    """Read days without school from a calendar: its events of whole days, for a year.

    Raises Refused.
    """
    found = []
    for event, start, end in _times(data, zone, now):
        if isinstance(event.decoded("dtstart"), datetime):
            continue
        first = start.astimezone(zone).date()
        last = end.astimezone(zone).date() - _DAY
        label = str(event.get("summary", "")).strip()[:60] or _("No school")
        found.append(Free(first, max(first, last), label))
    return sorted(set(found), key=lambda one: (one.first, one.last))


def _who(event: Any, title: str, people: Mapping[int, tuple[str, str]]) -> tuple[int, ...]:
    """Return whom an event names: by address first, by full name, by a first name of one only."""
    invited = event.get("attendee", [])
    invited = invited if isinstance(invited, list) else [invited]
    addresses = {str(one).lower().removeprefix("mailto:") for one in invited}
    by_address = tuple(p for p, (_name, email) in people.items() if email.lower() in addresses)
    if by_address:
        return by_address
    words = _plain(title)
    whole = tuple(p for p, (name, _email) in people.items() if _plain(name) in words)
    if whole:
        return whole
    firsts = [_plain(name).split()[0] for name, _email in people.values() if name.strip()]
    said = words.replace(",", " ").replace(":", " ").replace("-", " ").split()
    return tuple(
        person
        for person, (name, _email) in people.items()
        if name.strip() and (first := _plain(name).split()[0]) in said and firsts.count(first) == 1
    )


def _plain(text: str) -> str:
    """Return text without accents and capitals, for comparing names."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).casefold()


def _events(data: bytes) -> list[Any]:
    """Return a file's events, if it is a calendar of a size that can be read."""
    if len(data) > MOST_BYTES:
        raise Refused(_("This file is larger than 500 KB. Export fewer months."))
    events = list(icalendar.Calendar.from_ical(data).walk("VEVENT"))
    if len(events) > MOST_EVENTS:
        raise Refused(
            _("This file has more than %(MOST_EVENTS)s events.") % {"MOST_EVENTS": MOST_EVENTS}
        )
    if any(isinstance(event.get(name), list) for event in events for name in _SINGLE):
        raise Refused(_("An event in this calendar has a duplicate entry."))
    if sum(event.get("rrule") is not None for event in events) > MOST_SERIES:
        raise Refused(
            _("This file has more than %(MOST_SERIES)s recurring events.")
            % {"MOST_SERIES": MOST_SERIES}
        )
    return events


def _times(data: bytes, zone: ZoneInfo, now: datetime) -> list[tuple[Any, datetime, datetime]]:
    """Return every time of every event that ends after ``now`` and begins within a year.

    Whatever the library stumbles over, at whatever point, the file is what is wrong.
    """
    try:
        return list(_walked(data, zone, now))
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise Refused(_("This is not a calendar file (.ics), or the file is damaged.")) from error


def _walked(data: bytes, zone: ZoneInfo, now: datetime) -> Iterator[tuple[Any, datetime, datetime]]:
    events = _events(data)
    # One changed time of a series stands as an event of its own, which takes the series' place.
    moved: dict[str, set[datetime]] = {}
    for event in events:
        if event.get("recurrence-id") is not None:
            at = _local(_value(event, "recurrence-id"), zone)
            moved.setdefault(str(event.get("uid", "")), set()).add(at)
    given = 0
    for event in events:
        if str(event.get("status", "")).upper() == "CANCELLED":
            continue
        once = event.get("recurrence-id") is not None
        left_out = set() if once else moved.get(str(event.get("uid", "")), set())
        for start, end in _occurrences(event, zone, now + AHEAD):
            if end > now and start < now + AHEAD and start not in left_out:
                given += 1
                if given > MOST_TIMES:
                    raise Refused(
                        _("This calendar has more than %(MOST_TIMES)s entries.")
                        % {"MOST_TIMES": MOST_TIMES}
                    )
                yield event, start, end


def _occurrences(
    event: Any, zone: ZoneInfo, until: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Give an event's times (UTC) up to ``until``: once, or repeated by days or weeks.

    Other repetitions are refused by name: to leave one out silently would make a gap that nobody
    sees, and to follow any rule at all would let a file keep the desk busy for hours.
    """
    first = _value(event, "dtstart")
    own_zone = (first.tzinfo if isinstance(first, datetime) else None) or zone
    begins = (
        first.replace(tzinfo=None)
        if isinstance(first, datetime)
        else datetime.combine(first, time(0))
    )
    length, by_clock = _length(event, first, own_zone)
    left_out = _left_out(event, zone)
    for day in _days(event, begins.date(), own_zone, until):
        clocks = datetime.combine(day, begins.time())
        start = clocks.replace(tzinfo=own_zone).astimezone(UTC)
        end = (
            (clocks + length).replace(tzinfo=own_zone).astimezone(UTC)
            if by_clock
            else start + length
        )
        if start not in left_out and start < end:
            yield start, end


def _days(event: Any, first: date, zone: Any, until: datetime) -> Iterator[date]:
    rule = event.get("rrule")
    if rule is None:
        yield first
        return
    told = {str(key).upper(): value for key, value in rule.items()}
    unknown = set(told) - {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST"}
    frequency = str(told.get("FREQ", [""])[0]).upper()
    if unknown or frequency not in ("DAILY", "WEEKLY"):
        title = str(event.get("summary", ""))[:60]
        raise Refused(
            _(
                "“%s” repeats in a way this page can’t read (it reads only daily and weekly "
                "events). Export the calendar with single events."
            )
            % title
        )
    every = int(told.get("INTERVAL", [1])[0])
    count = int(told["COUNT"][0]) if "COUNT" in told else None
    last = until.date() + _DAY
    if "UNTIL" in told:
        ends = told["UNTIL"][0]
        last = min(last, ends.astimezone(zone).date() if _aware(ends) else _as_date(ends))
    names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
    asked = [str(one).upper() for one in told.get("BYDAY", [])]
    if every < 1 or any(one not in names for one in asked):
        raise Refused(_("This calendar has events that repeat in a way this page can’t read."))
    weekdays = {names.index(one) for one in asked}
    if frequency == "WEEKLY" and not weekdays:
        weekdays = {first.weekday()}
    week_of_first = first - first.weekday() * _DAY
    made, day = 0, first
    # Walked day by day: `_value` lets in no beginning before 1950, so 30,000 steps at most.
    while day <= last and (count is None or made < count):
        weeks = (day - week_of_first).days // 7
        on = weeks % every == 0 if frequency == "WEEKLY" else (day - first).days % every == 0
        if on and (not weekdays or day.weekday() in weekdays):
            made += 1
            yield day
        day += _DAY


def _left_out(event: Any, zone: ZoneInfo) -> set[datetime]:
    found = event.get("exdate", [])
    lists = found if isinstance(found, list) else [found]
    return {_local(one.dt, zone) for some in lists for one in some.dts}


def _length(event: Any, first: Any, zone: Any) -> tuple[timedelta, bool]:
    """Return how long an event lasts, and whether by the clock on the wall.

    A week from Monday 8:00 ends on Monday at 8:00 on the nights of the clocks too: that is what
    calendar programs show. By the letter of RFC 5545 (3.8.5.3) each time of a series would last
    equally long, and an hour of every change would be nobody's.
    """
    if event.get("dtend") is not None:
        last = _value(event, "dtend")
        if isinstance(first, datetime) != isinstance(last, datetime):
            raise Refused(_("An event in this calendar starts on a day but ends at a time."))
        if _aware(last):
            last = last.astimezone(zone)
        begins, ends = (
            (first.replace(tzinfo=None), last.replace(tzinfo=None))
            if isinstance(first, datetime)
            else (first, last)
        )
        return ends - begins, True
    if event.get("duration") is not None:
        length = event.decoded("duration")
        if not isinstance(length, timedelta):
            raise Refused(_("An event in this calendar has no readable length."))
        return length, length % _DAY == timedelta(0)
    return (timedelta(0) if isinstance(first, datetime) else _DAY), True


def _value(event: Any, name: str) -> Any:
    found = event.decoded(name, None)
    if not isinstance(found, date) or not 1950 <= found.year <= 2150:
        raise Refused(_("An event in this calendar has no readable time."))
    return found


def _local(value: Any, zone: ZoneInfo) -> datetime:
    """Return a calendar's value as an instant; one without a zone is meant in the team's."""
    if not isinstance(value, datetime):
        return instant(value, time(0), zone)
    return (value if _aware(value) else value.replace(tzinfo=zone)).astimezone(UTC)


def _aware(value: Any) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def _as_date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    raise Refused(_("This calendar has events that repeat in a way this page can’t read."))


def as_spans(found: Sequence[Found]) -> list[Span]:
    """Return what is taken over of what was found."""
    return [Span(one.start, one.end, one.people) for one in found if not one.wrong]
