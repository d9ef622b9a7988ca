"""Moments of the law in words: in a place's own time, and a day that ends as that day's end.

"By Dec. 1, midnight" is read as the night after the first. What falls due as a day ends is said to
be due by the end of that day.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format


def clock_words(local: datetime) -> str:
    """Say a local time on the clock: "1:30 a.m.", "12:00 p.m."; never "noon" or "midnight"."""
    half = "a.m." if local.hour < 12 else "p.m."
    return f"{local.hour % 12 or 12}:{local.minute:02} {half}"


def day_words(local: datetime) -> str:
    """Say a local day: "Nov. 30, 2026"."""
    return date_format(local.date(), "N j, Y")


def moment_words(moment: datetime, zone: str) -> str:
    """Say when something was, in a zone: "Nov. 30, 2026, 1:05 p.m.".

    Where clocks show that time twice, with which of the two: "1:30 a.m. EST".
    """
    local = moment.astimezone(ZoneInfo(zone))
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return f"{day_words(local)}, {clock_words(local)}" + (f" {local:%Z}" if twice else "")


def said_words(moment: datetime, zone: ZoneInfo) -> str:
    """Say when something was as one reads it out on a phone: "1:05 p.m. on November 30".

    Where clocks show that time twice, with which of the two.
    """
    local = moment.astimezone(zone)
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    clock = clock_words(local) + (f" {local:%Z}" if twice else "")
    return f"{clock} on {date_format(local.date(), 'F j')}"


def due_words(due: datetime, zone: str) -> str:
    """Say by when something is due, in a zone; fits after "by".

    "Nov. 30, 2026, 1:05 p.m.", or "end of Nov. 30, 2026".
    """
    local = due.astimezone(ZoneInfo(zone))
    if local.time() == time():
        return f"end of {day_words(local - timedelta(days=1))}"
    return moment_words(due, zone)


def span(seconds: float | None) -> str:
    """Say a span of seconds: "0.4 s", "75 s", "3 min 5 s", "2 h 5 min", "3 days"; "–" for none."""
    if seconds is None:
        return "–"
    if seconds < 10 and seconds % 1:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        return f"{round(hours / 24)} days"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
