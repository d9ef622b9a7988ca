"""One HSDS schedule as a rule: on which days it begins, from which minute to which.

HSDS borrows RFC 5545's recurrence (section 3.3.10) a field at a time: freq, interval, byday and so
on. It names WEEKLY and MONTHLY; DAILY and YEARLY stand in feeds as well and are read. What can't
be read is no "closed": it becomes a rule that nobody is sure of.
"""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY: Final = 24 * 60
FIRST: Final = date.min.toordinal()
LAST: Final = date.max.toordinal()
#: Days after the first on which the last one of a `count` is looked for.
_FAR: Final = 20_000
_FIELDS: Final = (
    "freq",
    "interval",
    "byday",
    "bymonthday",
    "byyearday",
    "byweekno",
    "wkst",
    "dtstart",
    "valid_from",
    "valid_to",
    "until",
    "count",
    "opens_at",
    "closes_at",
    "timezone",
)
_TIME = re.compile(r"(\d\d?):(\d\d)(?::\d\d(?:\.\d+)?)?\s*(?:(Z)|([+-])(\d\d):?(\d\d))?", re.ASCII)
_BYDAY = re.compile(r"([+-]?\d\d?)?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)

type Doubt = Literal["", "unclear", "no_zone"]
type _Numbers = tuple[int, ...]


#: Compared as objects, not by what they say: hours of 100,000 places are looked up by them.
@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A schedule, read. Days are ordinals of the proleptic calendar, at the schedule's own place.

    ``opens`` and ``closes`` are minutes after that day's midnight; past midnight, and for a whole
    day and night, ``closes`` lies above 1440. ``offset`` is minutes east of UTC where the schedule
    itself names one. With a ``doubt`` the place may be open all through each day of it.
    """

    opens: int = 0
    closes: int = DAY
    doubt: Doubt = ""
    offset: int | None = None
    first: int = FIRST
    last: int = LAST
    freq: str = "DAILY"
    interval: int = 1
    #: What intervals are counted from, and the day where no other is named.
    anchor: date | None = None
    #: (which of the month, 0 for each; weekday, Monday is 0).
    byday: tuple[tuple[int, int], ...] = ()
    bymonthday: _Numbers = ()
    byyearday: _Numbers = ()
    byweekno: _Numbers = ()
    wkst: int = 0

    @property
    def weekly(self) -> bool:
        """Whether it is the same each week between its first and its last day, without a doubt."""
        return (
            self.freq in ("DAILY", "WEEKLY")
            and self.interval == 1
            and not (self.doubt or self.bymonthday or self.byyearday or self.byweekno)
        )

    @property
    def plain(self) -> bool:
        """Whether it is the same each week, for ever: nearly all schedules are."""
        return self.weekly and (self.first, self.last) == (FIRST, LAST)

    def on(self, day: date) -> bool:
        """Whether it begins on ``day``."""
        return self.first <= day.toordinal() <= self.last and self._fits(day)

    def _fits(self, day: date) -> bool:
        if self.interval > 1 and self._periods(day) % self.interval:
            return False
        return (
            (not self.byday or any(self._weekday(day, *one) for one in self.byday))
            and (not self.bymonthday or _named(self.bymonthday, day.day, _month(day)))
            and (not self.byyearday or _named(self.byyearday, _yearday(day), _year(day)))
            and (not self.byweekno or _named(self.byweekno, *_week(day, self.wkst)))
            and (self.freq != "ONCE" or day == self.anchor)
            and (self.freq != "YEARLY" or self._of_year(day))
        )

    def _periods(self, day: date) -> int:
        """Return how many days, weeks, months or years lie between the anchor's and ``day``'s."""
        assert self.anchor is not None  # noqa: S101 (read() refuses intervals without one)
        if self.freq == "MONTHLY":
            return (day.year - self.anchor.year) * 12 + day.month - self.anchor.month
        if self.freq == "YEARLY":
            return day.year - self.anchor.year
        days = day.toordinal() - self.anchor.toordinal()
        if self.freq == "WEEKLY":
            return (days + (self.anchor.weekday() - self.wkst) % 7) // 7
        return days

    def _weekday(self, day: date, which: int, weekday: int) -> bool:
        if day.weekday() != weekday:
            return False
        if not which:
            return True
        yearly = self.freq == "YEARLY"
        place, length = (_yearday(day), _year(day)) if yearly else (day.day, _month(day))
        if which < 0:
            place = length - place + 1
        return (place - 1) // 7 + 1 == abs(which)

    def _of_year(self, day: date) -> bool:
        if self.byday or self.bymonthday or self.byyearday or self.byweekno:
            return True
        return self.anchor is not None and (day.month, day.day) == (
            self.anchor.month,
            self.anchor.day,
        )


def rule_of(schedule: Mapping[str, object]) -> Rule:
    """Read an HSDS schedule object; numbers may be texts, as in CSV. Never raises."""
    values = tuple(map(schedule.get, _FIELDS))
    try:
        return _rule(values)
    except TypeError:  # a list or an object where a text is due
        return _rule(tuple(map(_flat, values)))


def _flat(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list | tuple):
        return ",".join(str(one) for one in value)
    return "" if value is None else str(value).strip()


@lru_cache(maxsize=8192)
def _rule(values: tuple[object, ...]) -> Rule:
    try:
        return _read(dict(zip(_FIELDS, map(_flat, values), strict=True)))
    except (ValueError, OverflowError):
        return Rule(doubt="unclear")


def _read(cells: Mapping[str, str]) -> Rule:
    """Raises ValueError where a cell can't be read; then not even its dates can be relied on."""
    start, valid_from, valid_to, until = (
        _date(cells[name]) for name in ("dtstart", "valid_from", "valid_to", "until")
    )
    first = max(one.toordinal() if one else FIRST for one in (start, valid_from))
    last = min(one.toordinal() if one else LAST for one in (valid_to, until))
    doubtful = Rule(doubt="unclear", first=first, last=last)
    try:
        rule = _timed(_recurring(cells, start or valid_from), cells)
        if count := _number(cells["count"]):
            last = min(last, _last_of(rule, count))
    except (ValueError, OverflowError):
        return doubtful
    return replace(rule, first=first, last=last)


def _recurring(cells: Mapping[str, str], anchor: date | None) -> Rule:
    freq = cells["freq"].upper()
    if not freq:
        freq = "WEEKLY" if cells["byday"] else "ONCE" if cells["dtstart"] else ""
    wkst = cells["wkst"].upper() or "MO"
    if freq not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY", "ONCE") or wkst not in DAYS:
        raise ValueError(freq)
    rule = Rule(
        freq=freq,
        interval=_number(cells["interval"]) or 1,
        anchor=anchor,
        byday=_byday(cells["byday"]),
        bymonthday=_numbers(cells["bymonthday"], 31),
        byyearday=_numbers(cells["byyearday"], 366),
        byweekno=_numbers(cells["byweekno"], 53),
        wkst=DAYS.index(wkst),
    )
    if freq in ("DAILY", "WEEKLY") and any(which for which, _ in rule.byday):
        raise ValueError("the second Monday of a week")
    if anchor is None and (rule.interval > 1 or cells["count"]):
        raise ValueError("counted from nowhere")
    if rule.byday or rule.bymonthday or rule.byyearday or rule.byweekno or freq == "DAILY":
        return rule
    # Where no day is named it is the day on which it began, each week, month or year.
    if freq == "WEEKLY":
        return replace(rule, byday=((0, _given(anchor).weekday()),))
    if freq == "MONTHLY":
        return replace(rule, bymonthday=(_given(anchor).day,))
    _given(anchor)
    return rule


def _timed(rule: Rule, cells: Mapping[str, str]) -> Rule:
    """Put in its times. One that is missing leaves the whole of each day in doubt."""
    if not (cells["opens_at"] and cells["closes_at"]):
        return replace(rule, doubt="unclear")
    (opens, zone), (closes, zone_at_end) = _time(cells["opens_at"]), _time(cells["closes_at"])
    if zone_at_end not in (None, zone) or opens >= DAY:
        raise ValueError("two zones")
    # The last minute of a day is how programs without a 24:00 write midnight.
    if closes == DAY - 1:
        closes = DAY
    if closes <= opens:
        closes += DAY
    if zone is None and cells["timezone"]:
        zone = round(float(cells["timezone"]) * 60)
    if abs(zone or 0) >= DAY:
        raise ValueError("no such zone")
    return replace(rule, opens=opens, closes=closes, offset=zone)


def _time(cell: str) -> tuple[int, int | None]:
    match = _TIME.fullmatch(cell)
    if match is None:
        raise ValueError(cell)
    minute = int(match[1]) * 60 + int(match[2])
    if minute > DAY or int(match[2]) > 59:
        raise ValueError(cell)
    if match[3]:
        return minute, 0
    if match[4]:
        east = int(match[5]) * 60 + int(match[6])
        return minute, -east if match[4] == "-" else east
    return minute, None


def _date(cell: str) -> date | None:
    return date.fromisoformat(re.split("[T ]", cell, maxsplit=1)[0]) if cell else None


def _number(cell: str) -> int:
    number = int(cell or 0)
    if number < 0:
        raise ValueError(cell)
    return number


def _numbers(cell: str, most: int) -> _Numbers:
    numbers = tuple(int(part) for part in cell.split(",") if part.strip())
    if any(not 1 <= abs(number) <= most for number in numbers):
        raise ValueError(cell)
    return numbers


def _byday(cell: str) -> tuple[tuple[int, int], ...]:
    found = [_BYDAY.fullmatch(part.strip()) for part in cell.upper().split(",") if part.strip()]
    if None in found:
        raise ValueError(cell)
    return tuple((int(one[1] or 0), DAYS.index(one[2])) for one in found if one)


def _given(anchor: date | None) -> date:
    if anchor is None:
        raise ValueError("no day is named")
    return anchor


def _last_of(rule: Rule, count: int) -> int:
    start = _given(rule.anchor)
    for after in range(_FAR):
        day = start + timedelta(days=after)
        count -= rule._fits(day)
        if not count:
            return day.toordinal()
    return start.toordinal() + _FAR


def _named(numbers: _Numbers, place: int, length: int) -> bool:
    """Whether a place is named, counted from the front or, below zero, from the end."""
    return place in numbers or place - length - 1 in numbers


def _month(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _year(day: date) -> int:
    return 366 if isleap(day.year) else 365


def _yearday(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _week(day: date, wkst: int) -> tuple[int, int]:
    """Return the number of a day's week in its year, and how many that year has (RFC 5545)."""
    middle = day - timedelta(days=(day.weekday() - wkst) % 7 - 3)
    # The week that has December 28th is always a year's last.
    end = date(middle.year, 12, 28)
    end -= timedelta(days=(end.weekday() - wkst) % 7 - 3)
    return (_yearday(middle) - 1) // 7 + 1, (_yearday(end) - 1) // 7 + 1
