"""Whether a service is open at a moment, and until when. Pure; wall clocks become instants here.

Each rule is turned into intervals of real time (UTC) around the moment, day by day in the rule's
own zone, so that nights past midnight and the two odd days of a year need no case of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from upstander.directory.facts import Hours
from upstander.directory.holidays import is_holiday

#: How far ahead the next opening is looked for; beyond it the answer says nothing.
HORIZON = timedelta(days=14)

State = Literal["open", "closed", "unknown"]
Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class OpenState:
    """``until`` is when an open service closes, ``next`` when a closed one opens (UTC).

    Both are None where that isn't known or lies more than HORIZON away, as for 24/7.
    """

    state: State
    until: datetime | None = None
    next: datetime | None = None
    always: bool = False


def state_at(hours: Iterable[Hours], at: datetime) -> OpenState:
    """The state at ``at``. Raises ValueError for a time without a zone.

    Unknown when there are no hours, when none holds on that day, and on a holiday for which
    nobody knows: "closed" would send a child away, "open" would let the phone ring unheard.
    """
    if at.tzinfo is None:
        raise ValueError("open_state needs a time with a time zone")
    rules, moment = tuple(hours), at.astimezone(UTC)
    opened = _merged(i for rule in rules for i, sure in _intervals(rule, moment) if sure)
    for start, end in opened:
        if start <= moment < end:
            far = end >= moment + HORIZON
            always = far and any(rule.always for rule in rules)
            return OpenState("open", until=None if far else end, always=always)
    perhaps = (i for rule in rules for i, sure in _intervals(rule, moment) if not sure)
    if any(start <= moment < end for start, end in perhaps):
        return OpenState("unknown")
    if not any(rule.holds_on(moment.astimezone(ZoneInfo(rule.time_zone)).date()) for rule in rules):
        return OpenState("unknown")
    return OpenState("closed", next=min((s for s, _ in opened if s > moment), default=None))


def _intervals(rule: Hours, moment: datetime) -> Iterator[tuple[Interval, bool]]:
    """The rule's intervals from the day before ``moment`` to the horizon; False: nobody knows."""
    zone = ZoneInfo(rule.time_zone)
    first = moment.astimezone(zone).date() - timedelta(days=1)
    for day in (first + timedelta(days=n) for n in range(HORIZON.days + 3)):
        if not rule.holds_on(day):
            continue
        interval = _on(rule, day, zone)
        # A clock set forward can swallow a short interval whole.
        if interval is None or interval[0] >= interval[1]:
            continue
        if is_holiday(day) and rule.on_holidays != "open":
            if rule.on_holidays == "unknown":
                yield interval, False
            continue
        yield interval, True


def _on(rule: Hours, day: date, zone: ZoneInfo) -> Interval | None:
    after = day + timedelta(days=1)
    if rule.always:
        return _instant(day, time(0), zone), _instant(after, time(0), zone)
    if rule.weekday != day.weekday() or rule.opens is None or rule.closes is None:
        return None
    closing_day = after if rule.closes <= rule.opens else day
    return _instant(day, rule.opens, zone), _instant(closing_day, rule.closes, zone)


def _instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Wall clock to instant. A time that happens twice (PEP 495) is taken the first time."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)


def _merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted, with those that touch or overlap made one, so that "until" is the real end."""
    merged: list[Interval] = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
