"""How duties were kept, as figures: added up from months of finished ones and from what is open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import add
from typing import Any

from upstander.mandated.clocks import before

#: Where one span of time ends and the next begins (s): half hours to twelve hours, hours to two
#: days, three hours to three days, days to ten. The database says the same (mandated_edges).
EDGES: tuple[int, ...] = (
    *(1800 * n for n in range(1, 25)),
    *(3600 * n for n in range(13, 49)),
    *(10800 * n for n in range(17, 25)),
    *(86400 * n for n in range(4, 11)),
)
_NONE = (0,) * (len(EDGES) + 1)


def place_of(seconds: float) -> int:
    """Return among which span a time falls, as the database's width_bucket counts."""
    return sum(edge <= seconds for edge in EDGES)


@dataclass(slots=True)
class Figures:
    """Of a group of duties: how many, how many in time, by how much late, and half within what."""

    finished: int = 0
    in_time: int = 0
    open: int = 0
    #: Open, and past what is due next.
    overdue: int = 0
    first_late: int = 0
    written_late: int = 0
    #: The worst that a first and a written report were late by, made or not (s; 0: none).
    first_worst: int = 0
    written_worst: int = 0
    first: Sequence[int] = field(default=_NONE, repr=False)
    written: Sequence[int] = field(default=_NONE, repr=False)

    @property
    def duties(self) -> int:
        """All of them."""
        return self.finished + self.open

    @property
    def worst(self) -> int:
        """The worst that any of them was late by (s; 0: none was)."""
        return max(self.first_worst, self.written_worst)

    @property
    def share(self) -> int | None:
        """Percent of the finished ones that were in time, rounded down; None: there are none."""
        return 100 * self.in_time // self.finished if self.finished else None

    @property
    def half_first(self) -> float | None:
        """Hours within which half of the first reports were made after the cause arose."""
        return _half(self.first)

    @property
    def half_written(self) -> float | None:
        """Hours within which half of the written reports followed the first."""
        return _half(self.written)

    def add_cell(self, cell: Sequence[Any]) -> None:
        """Add one month's finished duties of one school and rule (api.ledger_months)."""
        duties, in_time, first_late, written_late, first_over, written_over, first, written = cell
        self.finished += duties
        self.in_time += in_time
        self.first_late += first_late
        self.written_late += written_late
        self.first_worst = max(self.first_worst, int(first_over))
        self.written_worst = max(self.written_worst, int(written_over))
        self.first = list(map(add, self.first, first))
        self.written = list(map(add, self.written, written))

    def add_open(self, duty: OpenDuty, now: datetime) -> None:
        """Add one duty that is open at ``now`` (UTC)."""
        self.open += 1
        first_over = int(((duty.first_at or now) - duty.first_due).total_seconds())
        written_over, unsure = 0, before(duty.first_at, duty.cause_at)
        if duty.first_at is not None and duty.written_due is not None:
            if not unsure:  # else it measures nothing
                self.first = _one_more(self.first, duty.first_at - duty.cause_at)
            written_over = int((now - duty.written_due).total_seconds())
        # No correction to before its cause makes a late one timely.
        self.first_late += first_over > 0 or unsure
        self.written_late += written_over > 0
        self.overdue += (first_over if duty.first_at is None else written_over) > 0
        self.first_worst = max(self.first_worst, first_over)
        self.written_worst = max(self.written_worst, written_over)


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """What figures need of a duty that is not finished."""

    school_id: int | None
    month: Any
    cause_at: datetime
    first_due: datetime
    first_at: datetime | None
    written_due: datetime | None


def _one_more(counts: Sequence[int], took: timedelta) -> list[int]:
    longer = list(counts)
    longer[place_of(took.total_seconds())] += 1
    return longer


def _half(counts: Sequence[int]) -> float | None:
    """Return the hours by whose end half of them were reached; None: none were.

    The last span has no end: whatever took longer than ten days counts as ten.
    """
    left = sum(counts) / 2
    if not left:
        return None
    for place, count in enumerate(counts):
        left -= count
        if left <= 0:
            return EDGES[min(place, len(EDGES) - 1)] / 3600
    raise AssertionError("counts add up")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Figures of all, and the same by school and by month."""

    all: Figures
    by_school: dict[int | None, Figures]
    by_month: dict[Any, Figures]


def sheet_of(
    months: Iterable[tuple[Any, Sequence[Sequence[Any]]]],
    still_open: Iterable[OpenDuty],
    now: datetime,
) -> Sheet:
    """Add up months of finished duties, given as (month, cells), and the open ones. Pure."""
    sheet = Sheet(Figures(), {}, {})
    for month, cells in months:
        for school, _rule_set, _rule, *cell in cells:
            for figures in _groups(sheet, school, month):
                figures.add_cell(cell)
    for duty in still_open:
        for figures in _groups(sheet, duty.school_id, duty.month):
            figures.add_open(duty, now)
    return sheet


def _groups(sheet: Sheet, school: int | None, month: Any) -> tuple[Figures, Figures, Figures]:
    return (
        sheet.all,
        sheet.by_school.setdefault(school, Figures()),
        sheet.by_month.setdefault(month, Figures()),
    )
