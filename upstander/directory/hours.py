"""Hours as words in the active language: now, by the week, by the month, on single days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import groupby, islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext

from upstander.directory.facts import Hours, ServiceFacts
from upstander.directory.openness import closes_soon
from upstander.directory.records import rules_of, said
from upstander.standards.hsds.opening import Opening, spans_on
from upstander.standards.hsds.recurrence import Rule, rule_of
from upstander.ui import times

#: Of hours that no words fit so many days are named, looked for so far ahead.
_DAYS, _AHEAD = 3, 400
#: The weekdays of a month that can be counted in words; -1 is the last.
_COUNTED: Final = frozenset({1, 2, 3, 4, 5, -1})


def hours_said(facts: ServiceFacts, opening: Opening, at: datetime, zone: ZoneInfo) -> list[str]:
    """Return a service's own hours, a line each, ``at`` a moment; how it stands where none fits."""
    today = at.astimezone(zone).date()
    lines = [*week(facts.hours, today)]
    for one in besides(facts.record):
        lines += () if said(one, "source") else rule_lines(one, today)
    return lines or [hours_now(opening, at, zone)]


def hours_now(opening: Opening, at: datetime, zone: ZoneInfo) -> str:
    """Say whether it is open ``at`` a moment, and when that ends."""
    if opening.open is None:
        return gettext("Opening hours not known")
    if opening.always:
        return gettext("Open now, day and night")
    turns = opening.until if opening.open else opening.opens
    if turns is None:
        return gettext("Open now") if opening.open else gettext("Closed now")
    if closes_soon(opening, at):
        # Within the half hour: its day needs no name.
        clock = times.clock(turns.astimezone(zone).time())
        return gettext("Open now, closes at %(clock)s") % {"clock": clock}
    words = (
        gettext("Open until %(when)s") if opening.open else gettext("Closed now, opens %(when)s")
    )
    return words % {"when": when(turns, at, zone)}


def when(moment: datetime, at: datetime, zone: ZoneInfo) -> str:
    """Say a moment by the service's own wall clock, with the day unless it is the day of ``at``."""
    local, today = moment.astimezone(zone), at.astimezone(zone).date()
    clock = times.clock(local.time())
    if local.date() == today:
        return clock
    if (local.date() - today).days < len(WEEKDAYS):
        values = {"weekday": str(WEEKDAYS[local.weekday()]), "clock": clock}
        return gettext("%(weekday)s, %(clock)s") % values
    return gettext("%(day)s, %(clock)s") % {"day": times.day(local.date()), "clock": clock}


def week(hours: Iterable[Hours], today: date) -> Iterator[str]:
    """Give the weekly hours that are in force, then those that begin later, with their day."""
    hours = tuple(hours)
    yield from _lines([rule for rule in hours if rule.holds_on(today)])
    firsts = {one.effective_from for one in hours if one.effective_from is not None}
    for first in sorted(day for day in firsts if day > today):
        for line in _lines([rule for rule in hours if rule.effective_from == first]):
            yield _from(first, line)


def besides(record: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the schedules that are not alike each week, or that nobody can read."""
    return [one for one in record.get("schedules", ()) if not any(rules_of(one))]


def rule_lines(schedule: Mapping[str, Any], today: date) -> Iterator[str]:
    """Give a schedule of ``besides`` by weekdays of the month, else its next days; of no day none.

    In force or yet to come; what is in doubt has no line.
    """
    rule = rule_of(schedule)
    if rule.doubt or rule.last < today.toordinal():
        return
    if _by_month(rule):
        clocks = _span(*(time(*divmod(one % 1440, 60)) for one in (rule.opens, rule.closes)))
        for which, weekday in rule.byday:
            line = _said(_counted(which, weekday), clocks)
            begins = rule.first > today.toordinal()
            yield _from(date.fromordinal(rule.first), line) if begins else line
        return
    ahead = (today + timedelta(days=number) for number in range(_AHEAD))
    for day in islice((day for day in ahead if rule.on(day)), _DAYS):
        for opens, closes in spans_on([schedule], day):
            yield _said(times.day(day), _span(opens, closes))


def _by_month(rule: Rule) -> bool:
    return (
        rule.freq == "MONTHLY"
        and rule.interval == 1
        and bool(rule.byday)
        and all(which in _COUNTED for which, _ in rule.byday)
        and not (rule.bymonthday or rule.byyearday or rule.byweekno)
    )


def _counted(which: int, weekday: int) -> str:
    words = {
        1: gettext("first %(weekday)s of the month"),
        2: gettext("second %(weekday)s of the month"),
        3: gettext("third %(weekday)s of the month"),
        4: gettext("fourth %(weekday)s of the month"),
        5: gettext("fifth %(weekday)s of the month"),
        -1: gettext("last %(weekday)s of the month"),
    }
    return capfirst(words[which] % {"weekday": WEEKDAYS[weekday]})


def _lines(rules: list[Hours]) -> Iterator[str]:
    if any(rule.always for rule in rules):
        yield gettext("Day and night")
        return
    clocks = [_clocks(rules, weekday) for weekday in range(7)]
    runs = [list(run) for _, run in groupby(range(7), key=lambda weekday: clocks[weekday])]
    for run in runs:
        if clocks[run[0]]:
            yield _said(_days(run), clocks[run[0]])


def _clocks(rules: list[Hours], weekday: int) -> str:
    spans = (
        _span(rule.opens, rule.closes)
        for rule in sorted(rules, key=lambda rule: str(rule.opens))
        if rule.weekday == weekday and rule.opens and rule.closes
    )
    return pgettext("between the items of a list", ", ").join(spans)


def _span(opens: time, closes: time) -> str:
    if opens == closes:
        return gettext("Day and night")
    values = {"opens": times.clock(opens), "closes": times.clock(closes)}
    return gettext("%(opens)s to %(closes)s") % values


def _said(days: str, clocks: str) -> str:
    return gettext("%(days)s: %(clocks)s") % {"days": days, "clocks": clocks}


def _from(day: date, line: str) -> str:
    return gettext("From %(day)s: %(hours)s") % {"day": times.day(day), "hours": line}


def _days(run: list[int]) -> str:
    first, last = str(WEEKDAYS[run[0]]), str(WEEKDAYS[run[-1]])
    if len(run) == 1:
        return capfirst(first)
    return capfirst(gettext("%(first)s to %(last)s") % {"first": first, "last": last})
