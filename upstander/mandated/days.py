"""Which days count where: a district's time zone, its days of school, its working days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from upstander.directory.holidays import is_holiday
from upstander.mandated.clocks import due_at
from upstander.mandated.rule_sets import Deadline
from upstander.oncall.days import Break, is_school_day
from upstander.oncall.models import Calendar, DayOff
from upstander.places.models import District


@dataclass(frozen=True, slots=True)
class Days:
    """A district's days. Without a calendar of its own: weekdays but federal holidays."""

    zone: str
    region: str = "US"
    breaks: Sequence[Break] = ()

    def due(self, deadline: Deadline, since: datetime) -> datetime:
        """Return when something falls due (UTC) after an event at ``since`` (UTC)."""
        counts = self.is_school_day if deadline.unit == "school_days" else is_working_day
        return due_at(deadline, since, self.zone, counts)

    def is_school_day(self, day: date) -> bool:
        """Tell whether there is school on a local day."""
        return is_school_day(day, self.region, self.breaks)


def is_working_day(day: date) -> bool:
    """Tell whether a State's office works on a day."""
    return day.weekday() < 5 and not is_holiday(day)


def days_of(district_id: int) -> Days:
    """Return a district's days, by the calendar that it keeps for who is on call; in ``viewing``.

    The exception made last counts most, as there.
    """
    zone = District.objects.values_list("time_zone", flat=True).get(pk=district_id)
    calendar = Calendar.objects.filter(district_id=district_id).first()
    if calendar is None:
        return Days(zone)
    free = DayOff.objects.filter(calendar=calendar).order_by("pk")
    breaks = [Break(one.first, one.last, one.in_session) for one in free]
    return Days(zone, calendar.region, breaks)
