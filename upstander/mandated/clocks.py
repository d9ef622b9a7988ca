"""The law's clocks, as functions of what was written down. No database, no now() of their own.

Hours are elapsed time: twelve hours over the night in which the clocks change are twelve hours.
Days that are counted as working or school days end at the end of that day, local time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from upstander.states import Ahead, Deadline, DutyRule, RuleSet, Way

_DAY = timedelta(days=1)


class Standing(StrEnum):
    """How a duty stands at a moment. Computed, never stored: nobody can set it."""

    FIRST_DUE = "first_due"
    FIRST_LATE = "first_late"
    WRITTEN_DUE = "written_due"
    WRITTEN_LATE = "written_late"
    MET = "met"
    MET_LATE = "met_late"
    #: Made, and its times as typed can't all be right: nobody knows whether in time.
    MET_UNSURE = "met_unsure"


@dataclass(frozen=True, slots=True)
class Times:
    """The moments that a duty's clocks run from and to (UTC). None: it has not happened."""

    #: When reasonable cause arose, as its owner typed it.
    cause_at: datetime
    #: When the oral or electronic report was made, as typed.
    first_at: datetime | None = None
    written_at: datetime | None = None
    #: When each is due, as computed when its clock began; None: by the rule's hours.
    first_due: datetime | None = None
    written_due: datetime | None = None
    #: When the written report was first signed here, by the server. None: it was not.
    signed_at: datetime | None = None

    @property
    def first_before_cause(self) -> bool:
        """Whether the first report is dated before there was reason to suspect."""
        return before(self.first_at, self.cause_at)

    @property
    def sent_before_first(self) -> bool:
        """Whether the written report is dated before the first one, which it has to follow."""
        return before(self.written_at, self.first_at)

    @property
    def sent_before_signed(self) -> bool:
        """Whether the written report is dated before the minute in which it was first signed."""
        return before(self.written_at, self.signed_at)

    @property
    def unsure(self) -> bool:
        """Whether the times as typed can't all be right: they prove nothing was in time.

        The database counts by the same (api.ledger_months).
        """
        return self.first_before_cause or self.sent_before_first or self.sent_before_signed


def before(typed: datetime | None, other: datetime | None) -> bool:
    """Tell whether a typed time lies before the minute of another: people type no seconds."""
    if typed is None or other is None:
        return False
    return typed < other.replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Clock:
    """A duty's two deadlines at a moment, and whether each was kept (UTC)."""

    first_due: datetime
    #: None until the first report is made: it runs from then.
    written_due: datetime | None
    standing: Standing
    #: How much later than due each was, or is by now; zero or less: in time.
    first_over: timedelta
    written_over: timedelta | None

    @property
    def next_due(self) -> datetime | None:
        """What is due next (UTC), late or not; None once both reports were made."""
        if self.standing in (Standing.FIRST_DUE, Standing.FIRST_LATE):
            return self.first_due
        if self.standing in (Standing.WRITTEN_DUE, Standing.WRITTEN_LATE):
            return self.written_due
        return None

    @property
    def over(self) -> timedelta:
        """By how much the later of the two was, or is, past its time (zero: in time)."""
        return max(timedelta(0), self.first_over, self.written_over or timedelta(0))


def dues(rule: DutyRule, times: Times) -> tuple[datetime, datetime | None]:
    """Return when the first report is due and, once that is made, the written one (UTC).

    Raises ValueError where a rule counts days and nothing was computed.
    """
    first = times.first_due or times.cause_at + rule.first.hours
    if times.first_at is None:
        return first, None
    return first, times.written_due or times.first_at + rule.written.hours


def clock_at(rule: DutyRule, times: Times, now: datetime) -> Clock:
    """Return how a duty's clocks stand at ``now`` (UTC)."""
    first_due, written_due = dues(rule, times)
    first_over = (times.first_at or now) - first_due
    if written_due is None:
        standing = Standing.FIRST_LATE if now > first_due else Standing.FIRST_DUE
        return Clock(first_due, None, standing, first_over, None)
    written_over = (times.written_at or now) - written_due
    if times.written_at is None:
        standing = Standing.WRITTEN_LATE if now > written_due else Standing.WRITTEN_DUE
    else:
        late = first_over > timedelta(0) or written_over > timedelta(0)
        met = Standing.MET_UNSURE if times.unsure else Standing.MET
        standing = Standing.MET_LATE if late else met
    return Clock(first_due, written_due, standing, first_over, written_over)


@dataclass(frozen=True, slots=True)
class Reminder:
    """At ``at`` (UTC) whoever owes is told by ``by``: notice, page or call."""

    at: datetime
    by: str
    #: ``first`` or ``written``: which report it is about; a later duty's key.
    about: str
    #: Before the deadline in whole minutes; negative: after it.
    minutes_before: int


#: Before and after what falls due later. It is an office's work: no phone rings at night for it.
_LATER = (
    Ahead(24 * 60, "notice"),
    Ahead(4 * 60, "notice"),
    Ahead(60, "page"),
)
_LATER_EVERY, _LATER_BY = timedelta(hours=12), "page"


def reminders(rules: RuleSet, rule: DutyRule, times: Times) -> Iterator[Reminder]:
    """Yield what is due for a duty as it stands, in order of time; endless while it is open.

    The reminders tighten towards the deadline and go on after it: a duty that is open always has a
    next one. Those that lie before the event which started the clock are left out by the caller,
    who knows the time.
    """
    if times.written_at is not None:
        return
    first, written = dues(rule, times)
    yield from _until_met(
        "first" if written is None else "written",
        written or first,
        rule.reminders or rules.reminders,
        rule.late_every,
        rule.late_by,
    )


def _until_met(
    about: str,
    due: datetime,
    before: tuple[Ahead, ...],
    late_every: timedelta,
    late_by: str,
) -> Iterator[Reminder]:
    for one in sorted(before, key=lambda one: one.minutes_before, reverse=True):
        ahead = timedelta(minutes=one.minutes_before)
        yield Reminder(due - ahead, one.by, about, one.minutes_before)
    late = timedelta(0)
    while True:
        yield Reminder(due + late, late_by, about, -int(late.total_seconds() // 60))
        late += late_every


def next_reminder(rules: RuleSet, rule: DutyRule, times: Times, after: datetime) -> Reminder | None:
    """Return the first reminder later than ``after`` (UTC); None once both reports were made."""
    for one in reminders(rules, rule, times):
        if one.at > after:
            return one
    return None


def current_reminder(
    rules: RuleSet, rule: DutyRule, times: Times, now: datetime
) -> Reminder | None:
    """Return the last reminder that has fallen due by ``now`` (UTC): those before it are stale."""
    return _last(reminders(rules, rule, times), now)


def next_about(key: str, due: datetime, after: datetime) -> Reminder:
    """Return the first reminder of something that falls due later which is later than ``after``."""
    ahead = _until_met(key, due, _LATER, _LATER_EVERY, _LATER_BY)
    return next(one for one in ahead if one.at > after)


def current_about(key: str, due: datetime, now: datetime) -> Reminder | None:
    """Return the last reminder of something that falls due later, by ``now`` (UTC)."""
    return _last(_until_met(key, due, _LATER, _LATER_EVERY, _LATER_BY), now)


def _last(some: Iterator[Reminder], now: datetime) -> Reminder | None:
    found = None
    for one in some:
        if one.at > now:
            break
        found = one
    return found


def is_open(way: Way, at: datetime, zone: str, holiday: Callable[[date], bool]) -> bool:
    """Tell whether a way of reporting is received at a moment (UTC), in the agency's ``zone``."""
    if way.opens is None or way.closes is None:
        return True
    local = at.astimezone(ZoneInfo(zone))
    day = local.date()
    return (
        local.weekday() in way.weekdays
        and not holiday(day)
        and way.opens <= local.time().replace(tzinfo=None) < way.closes
    )


def due_at(
    deadline: Deadline, since: datetime, zone: str, counts: Callable[[date], bool]
) -> datetime:
    """Return when a deadline falls due (UTC) after an event at ``since`` (UTC).

    Days run to the end of the last one; the event's own day is not counted. ``counts`` says whether
    a date is a working (or school) day there.
    """
    if deadline.unit == "hours":
        return since + deadline.hours
    local = since.astimezone(ZoneInfo(zone))
    day, left = local.date(), deadline.amount
    for _ in range(3660):
        day += _DAY
        if counts(day):
            left -= 1
        if left == 0:
            break
    else:
        raise ValueError(f"{deadline.key}: no {deadline.unit} in ten years")
    ends = datetime.combine(day + _DAY, time(), ZoneInfo(zone))
    return ends.astimezone(UTC)
