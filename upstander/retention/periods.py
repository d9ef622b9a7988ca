"""When something that has ended is due to go. Pure; days are those of the district's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from upstander.states import Rule, Schedule


@dataclass(frozen=True, slots=True)
class Period:
    """How long one rule keeps, in one district; ``years`` as set there for a schedule."""

    schedule: Schedule
    rule: Rule
    zone: ZoneInfo
    years: int | None = None

    @property
    def is_set(self) -> bool:
        """Whether it ends at all: a schedule without its number keeps everything."""
        return not self.rule.schedule or self.years is not None

    @property
    def runs(self) -> bool:
        """Whether anything goes by it: an administrator confirmed it, and its number is set."""
        return self.is_set and self.rule.runs

    @property
    def words(self) -> str:
        """How long, for the page."""
        if not self.is_set:
            return _("kept: no number of years has been set")
        says = self.rule.says
        if self.rule.schedule:
            years = self.years or 0
            says = ngettext(
                "%(years)s year after the end", "%(years)s years after the end", years
            ) % {"years": years}
        return says if self.rule.runs else _("kept; once confirmed: %(says)s") % {"says": says}

    def due_at(self, ended_at: datetime) -> datetime | None:
        """Return the moment (in the district's zone) from which it may go; None: never."""
        if not self.is_set:
            return None
        ended = ended_at.astimezone(self.zone).date()
        if self.rule.days:
            last = ended + timedelta(days=self.rule.days)
        elif self.rule.school_years:
            last = self._year_end(ended, self.rule.school_years)
        else:
            last = _years_after(ended, self.years or 0)
        return datetime.combine(last + timedelta(days=1), time(), self.zone)

    def ended_before(self, now: datetime) -> datetime | None:
        """Return the moment before which whatever ended is due by ``now``; None: nothing is.

        ``ended < ended_before(now)`` says the same as ``due_at(ended) <= now``, for all at once.
        """
        if not self.is_set:
            return None
        # The first day on which something may have ended that is not due yet.
        day = now.astimezone(self.zone).date()
        if self.rule.days:
            first = day - timedelta(days=self.rule.days)
        elif self.rule.school_years:
            month, last = self.schedule.school_year_ends
            year = day.year if day > date(day.year, month, last) else day.year - 1
            first = date(year - self.rule.school_years, month, last) + timedelta(days=1)
        else:
            first = _years_before(day, self.years or 0)
        return datetime.combine(first, time(), self.zone)

    def _year_end(self, day: date, later: int) -> date:
        month, last = self.schedule.school_year_ends
        year = day.year if day <= date(day.year, month, last) else day.year + 1
        return date(year + later, month, last)


def _years_after(day: date, years: int) -> date:
    """Return the same day of a later year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _years_before(day: date, years: int) -> date:
    """Return the first day ``d`` for which ``_years_after(d) >= day``."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        # 29 February of a leap year: what ended on the 28th was due by then.
        return date(day.year - years, 3, 1)
