"""Whether a place is open at a moment, until when, and when it opens next.

Times on a clock become instants day by day, in the place's own zone, by RFC 5545 section 3.3.5: a
time that a change of the clocks leaves out counts by the clock of before, one that comes twice
counts the first time. Hours belong to the day on which they begin: a day's closure takes away the
night that begins on it and leaves the one that began the day before.

Nobody knows is an answer of its own. "Closed" sends a family home; "open" sends it to a shut door.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

from upstander.standards.hsds.recurrence import DAY, LAST, Rule, rule_of

#: How far ahead the end of what is open, and the next opening, are looked for.
HORIZON: Final = timedelta(days=14)
_AHEAD: Final = HORIZON.days * DAY
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

type Why = Literal[
    "", "outside_hours", "closure", "season", "no_hours", "ended", "unclear", "perhaps", "no_zone"
]
#: Minutes since 1970 (UTC), the end not among them.
type _Span = tuple[int, int]
#: A span, why nobody is sure of it, and the name of the day that makes it unsure.
type _Found = tuple[int, int, Why, str]


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which the usual hours don't hold, ``last`` among them; None is until further notice.

    Not ``sure``: a holiday on which it may be closed. ``instead`` are the hours that are sure.
    """

    first: date
    last: date | None
    why: str = ""
    sure: bool = True
    instead: tuple[tuple[time, time], ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """``open`` is None where nobody knows; ``why`` says why it isn't open, or isn't known.

    ``until`` is when what is open closes, ``opens`` when what isn't opens next: UTC, whole minutes,
    None where that lies beyond HORIZON or isn't known. ``closure`` names the day that is closed.

    - ``outside_hours``, ``closure``; ``season``: its hours begin later
    - not known: ``no_hours``; ``ended``: its last hours are over, and no others are named;
      ``unclear``: hours that can't be read; ``perhaps``: a closure that isn't sure; ``no_zone``
    """

    open: bool | None
    until: datetime | None = None
    opens: datetime | None = None
    always: bool = False
    why: Why = ""
    closure: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours, read once and asked often. Make them with hours_of()."""

    zone: tzinfo
    #: What is the same each week: minutes of each day, Monday first.
    week: tuple[tuple[_Span, ...], ...]
    #: All other rules, each with the zone whose days it counts in.
    rules: tuple[tuple[tzinfo, Rule], ...]
    #: Each with its first and last day as ordinals.
    closures: tuple[tuple[int, int, Closure], ...]

    def at(self, moment: datetime) -> Opening:
        """Return how it stands at ``moment``. Raises ValueError for a time without a zone."""
        if moment.tzinfo is None:
            raise ValueError("a time without a zone")
        now = int((moment - _EPOCH).total_seconds() // 60)
        today = moment.astimezone(self.zone).date().toordinal()
        # Another zone's day may be two ahead of or behind ours.
        spread = 2 if any(zone is not self.zone for zone, _ in self.rules) else 0
        first = today - 1 - spread
        for after in (today + 3, today + HORIZON.days + 2):
            near = [one for one in self.closures if one[0] < after and one[1] >= first]
            spans: list[_Found] = []
            closed: Closure | None = None
            for number in range(first, after):
                usual = self._usual(number)
                closure = next((c for a, b, c in near if a <= number <= b), None) if near else None
                if closure is None:
                    spans += usual
                    continue
                spans += self._instead(closure, number)
                if not closure.sure:
                    spans += [(start, end, "perhaps", closure.why) for start, end, _, _ in usual]
                elif usual and (number == today or any(s <= now < e for s, e, _, _ in usual)):
                    closed = closure
            # Whatever wasn't looked at begins later than this.
            known = _instant(self.zone, after - spread, 0)
            answer = self._answer(spans, closed, now, known, last=after > today + 3)
            if answer is not None:
                return answer
        raise AssertionError("the last look always answers")

    def _usual(self, number: int) -> list[_Found]:
        """Return what begins on a day, were there no closures."""
        midnight, steady = _midnight(self.zone, number)
        week = self.week[(number + 6) % 7]
        if steady:
            spans: list[_Found] = [(midnight + a, midnight + b, "", "") for a, b in week]
        else:
            spans = [
                (_instant(self.zone, number, a), _instant(self.zone, number, b), "", "")
                for a, b in week
            ]
        if self.rules:
            day = date.fromordinal(number)
            for zone, rule in self.rules:
                if rule.on(day):
                    start = _instant(zone, number, rule.opens)
                    spans.append((start, _instant(zone, number, rule.closes), rule.doubt, ""))
        # A clock that is set forward swallows a short span whole.
        return spans if steady and not self.rules else [span for span in spans if span[0] < span[1]]

    def _instead(self, closure: Closure, number: int) -> Iterator[_Found]:
        for opens, closes in closure.instead:
            a, b = _minutes(opens, closes)
            start, end = _instant(self.zone, number, a), _instant(self.zone, number, b)
            if start < end:
                yield start, end, "", ""

    def _answer(
        self, found: list[_Found], closed: Closure | None, now: int, known: int, *, last: bool
    ) -> Opening | None:
        """Return what the spans say, or None where more days must be looked at."""
        spans = _joined([(start, end) for start, end, doubt, _ in found if not doubt])
        for start, end in spans:
            if start <= now < end:
                if end >= now + _AHEAD:
                    return Opening(True, always=self._always)
                return Opening(True, until=_time(end)) if last or end < known else None
        opens = next((start for start, _ in spans if start > now), None)
        if not last and (opens is None or opens >= known):
            return None
        later = _time(opens) if opens is not None and opens < now + _AHEAD else None
        for start, end, doubt, name in found:
            if doubt and start <= now < end:
                return Opening(None, opens=later, why=doubt, closure=name)
        if closed is not None:
            return Opening(False, opens=later, why="closure", closure=closed.why)
        return self._outside(now, later)

    def _outside(self, now: int, later: datetime | None) -> Opening:
        if any(self.week):
            return Opening(False, opens=later, why="outside_hours")
        if not self.rules:
            return Opening(None, why="no_hours")
        days = [(rule, _time(now).astimezone(zone).date().toordinal()) for zone, rule in self.rules]
        if any(rule.first <= day <= rule.last for rule, day in days):
            return Opening(False, opens=later, why="outside_hours")
        if any(rule.first > day for rule, day in days):
            return Opening(False, opens=later, why="season")
        return Opening(None, opens=later, why="ended")

    @property
    def _always(self) -> bool:
        return all(_joined(list(day)) == [(0, DAY)] for day in self.week)


def opening(
    schedules: Iterable[Mapping[str, object]],
    closures: Iterable[Closure],
    at: datetime,
    *,
    zone: str | None,
) -> Opening:
    """Return how a place with these HSDS schedules stands ``at`` a moment; see hours_of()."""
    return hours_of(schedules, closures, zone).at(at)


def hours_of(
    schedules: Iterable[Mapping[str, object]],
    closures: Iterable[Closure],
    zone: str | None,
) -> Hours:
    """Read HSDS schedules, which add up, and closures, of which the first that fits a day holds.

    ``zone`` is the place's IANA zone; it wins over HSDS's number, and over an offset in a time that
    the zone's clocks know in winter or summer ("09:00-05:00" is nine in New York in July, too).
    Without it a time counts by its own offset or the number. What has neither is in doubt, though
    the standard would take it for UTC: nobody's soup kitchen keeps UTC.
    Raises ZoneInfoNotFoundError or ValueError for a zone that doesn't exist.
    """
    return _hours(tuple(rule_of(one) for one in schedules), tuple(closures), zone)


def spans_on(schedules: Iterable[Mapping[str, object]], day: date) -> Iterator[tuple[time, time]]:
    """Give the hours that begin on a day, as a Closure has them; not what is in doubt."""
    for rule in map(rule_of, schedules):
        if not rule.doubt and rule.on(day):
            yield _clock(rule.opens), _clock(rule.closes)


def _clock(minute: int) -> time:
    hours, minutes = divmod(minute % DAY, 60)
    return time(hours, minutes)


@lru_cache(maxsize=4096)
def _hours(rules: tuple[Rule, ...], closures: tuple[Closure, ...], zone: str | None) -> Hours:
    own = ZoneInfo(zone) if zone else None
    week: list[list[_Span]] = [[], [], [], [], [], [], []]
    others: list[tuple[tzinfo, Rule]] = []
    for rule in rules:
        where = _zone(rule, own)
        if where is None:
            others.append((UTC, Rule(doubt="no_zone", first=rule.first, last=rule.last)))
        elif where is own and rule.plain:
            for day in {day for _, day in rule.byday} or range(7):
                week[day].append((rule.opens, rule.closes))
        else:
            others.append((where, rule))
    return Hours(
        own or next((where for where, _ in others), UTC),
        tuple(map(tuple, week)),
        tuple(others),
        _numbered(closures),
    )


@lru_cache(maxsize=4096)
def _numbered(closures: tuple[Closure, ...]) -> tuple[tuple[int, int, Closure], ...]:
    return tuple(
        (one.first.toordinal(), one.last.toordinal() if one.last else LAST, one) for one in closures
    )


def _zone(rule: Rule, own: ZoneInfo | None) -> tzinfo | None:
    if rule.offset is None or (own is not None and rule.offset in _offsets(own)):
        return own if own is not None or not rule.doubt else UTC
    return timezone(timedelta(minutes=rule.offset))


@lru_cache(maxsize=512)
def _offsets(zone: ZoneInfo) -> frozenset[int]:
    """Return minutes east of UTC that a zone's clocks show in winter and in summer."""
    return frozenset(
        int(offset.total_seconds() // 60)
        for month in (1, 7)
        if (offset := datetime(2026, month, 1, tzinfo=zone).utcoffset()) is not None
    )


def _minutes(opens: time, closes: time) -> _Span:
    start, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    end = DAY if end == DAY - 1 else end
    return start, end if end > start else end + DAY


def _joined(spans: list[_Span]) -> list[_Span]:
    """Return spans in order, those that touch or overlap made one, so that an end is a real one."""
    joined: list[_Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _instant(zone: tzinfo, day: int, minute: int) -> int:
    """Return when a clock at a place shows a minute after a day's midnight."""
    midnight, steady = _midnight(zone, day)
    return midnight + minute if steady else _by_clock(zone, day, minute)


@lru_cache(maxsize=4096)
def _midnight(zone: tzinfo, day: int) -> tuple[int, bool]:
    """Return when a day begins, and whether its clocks stand for the two days hours can last."""
    first = _by_clock(zone, day, 0)
    return first, _by_clock(zone, day + 2, 0) - first == 2 * DAY


def _by_clock(zone: tzinfo, day: int, minute: int) -> int:
    days, minute = divmod(minute, DAY)
    clock = datetime.combine(date.fromordinal(min(day + days, LAST)), time.min, tzinfo=zone)
    at = clock + timedelta(minutes=minute)
    return int((at - _EPOCH).total_seconds() // 60)


def _time(minute: int) -> datetime:
    return _EPOCH + timedelta(minutes=minute)
