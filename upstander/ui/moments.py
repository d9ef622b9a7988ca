"""Moments of the law in words: in a place's own time, and a day that ends as that day's end.

"By Dec. 1, midnight" is read as the night after the first. What falls due as a day ends is said to
be due by the end of that day.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, time_format
from django.utils.translation import gettext, ngettext


def clock_words(local: datetime) -> str:
    """Say a local time on the clock: "1:30 a.m.", "12:00 p.m."; never "noon" or "midnight"."""
    return time_format(local.time(), "TIME_FORMAT")


def day_words(local: datetime) -> str:
    """Say a local day: "Nov. 30, 2026"."""
    return date_format(local.date(), "DATE_FORMAT")


def which_of_two(local: datetime) -> str:
    """Say, where clocks show a local time twice, which of the two it is: " EST"; else nothing."""
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f" {local:%Z}" if twice else ""


def moment_words(moment: datetime, zone: str) -> str:
    """Say when something was, in a zone: "Nov. 30, 2026, 1:05 p.m.".

    Where clocks show that time twice, with which of the two: "1:30 a.m. EST".
    """
    local = moment.astimezone(ZoneInfo(zone))
    return f"{day_words(local)}, {clock_words(local)}{which_of_two(local)}"


def second_words(moment: datetime, zone: ZoneInfo) -> str:
    """Say when something was to the second, as a proof does: "Nov. 30, 2026, 1:05:07 p.m. EST"."""
    local = moment.astimezone(zone)
    clock, half = clock_words(local).rsplit(" ", 1)
    return f"{day_words(local)}, {clock}:{local.second:02} {half} {local:%Z}"


def said_words(moment: datetime, zone: ZoneInfo) -> str:
    """Say when something was as one reads it out on a phone: "1:05 p.m. on November 30".

    Where clocks show that time twice, with which of the two.
    """
    local = moment.astimezone(zone)
    return gettext("%(clock)s on %(day)s") % {
        "clock": f"{clock_words(local)}{which_of_two(local)}",
        "day": date_format(local.date(), "MONTH_DAY_FORMAT"),
    }


def due_words(due: datetime, zone: str) -> str:
    """Say by when something is due, in a zone; fits after "by".

    "Nov. 30, 2026, 1:05 p.m.", or "end of Nov. 30, 2026".
    """
    local = due.astimezone(ZoneInfo(zone))
    if local.time() == time():
        return gettext("end of %(day)s") % {"day": day_words(local - timedelta(days=1))}
    return moment_words(due, zone)


def span(seconds: float | None) -> str:
    """Say a span of seconds: "0.4 s", "75 s", "3 min 5 s", "2 h 5 min", "3 days"; "–" for none."""
    if seconds is None:
        return "–"
    if seconds < 10 and seconds % 1:
        return gettext("%(seconds)s s") % {"seconds": f"{seconds:.1f}"}
    if seconds < 120:
        return gettext("%(seconds)s s") % {"seconds": f"{seconds:.0f}"}
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        said = gettext("%(minutes)s min %(seconds)s s") if rest else gettext("%(minutes)s min")
        return said % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        days = round(hours / 24)
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    said = gettext("%(hours)s h %(minutes)s min") if minutes else gettext("%(hours)s h")
    return said % {"hours": hours, "minutes": minutes}
