"""Which days count where: a district's time zone, its days of school, its working days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from upstander.mandated.clocks import due_at
from upstander.oncall.days import Break, is_school_day, public_holidays
from upstander.oncall.models import Calendar, DayOff
from upstander.places.law import law_of
from upstander.places.models import District
from upstander.states import Deadline


@dataclass(frozen=True, slots=True)
class Days:
    """A district's days. Without a calendar of its own: weekdays but federal holidays."""

    zone: str
    region: str = "US"
    breaks: Sequence[Break] = ()
    #: Whose holidays the State's offices keep (``states/days.py``).
    office: str = "US"

    def due(self, deadline: Deadline, since: datetime) -> datetime:
        """Return when something falls due (UTC) after an event at ``since`` (UTC)."""
        counts = self.is_school_day if deadline.unit == "school_days" else self.is_working_day
        return due_at(deadline, since, self.zone, counts)

    def is_school_day(self, day: date) -> bool:
        """Tell whether there is school on a local day."""
        return is_school_day(day, self.region, self.breaks)

    def is_working_day(self, day: date) -> bool:
        """Tell whether the State's offices work on a local day."""
        return is_working_day(day, self.office)

    def is_holiday(self, day: date) -> bool:
        """Tell whether the State's offices keep a local day as a holiday."""
        return is_holiday(day, self.office)


def is_holiday(day: date, holidays_of: str) -> bool:
    """Tell whether a day is a public holiday of a region."""
    return day in public_holidays(holidays_of, day.year)


def is_working_day(day: date, holidays_of: str) -> bool:
    """Tell whether offices that keep a region's holidays work on a day."""
    return day.weekday() < 5 and not is_holiday(day, holidays_of)


def days_of(district_id: int) -> Days:
    """Return a district's days, by the calendar that it keeps for who is on call; in ``viewing``.

    The exception made last counts most, as there.
    """
    district = District.objects.get(pk=district_id)
    zone, office = district.time_zone, law_of(district).office.holidays_of
    calendar = Calendar.objects.filter(district_id=district_id).first()
    if calendar is None:
        return Days(zone, office=office)
    free = DayOff.objects.filter(calendar=calendar).order_by("pk")
    breaks = [Break(one.first, one.last, one.in_session) for one in free]
    return Days(zone, calendar.region, breaks, office)
