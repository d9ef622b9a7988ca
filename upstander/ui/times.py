"""Times in words, for people who glance. The exact time stays in the element's title."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext, ngettext

from upstander.ui.moments import which_of_two


def ago(moment: datetime, now: datetime | None = None) -> str:
    """Say how long ago an aware `moment` was: "just now", "4 minutes ago"; after 7 days its date.

    A moment in the future is given as its exact time, because "in -3 minutes" helps nobody.
    """
    now = now or timezone.now()
    past = now - moment
    if past < -timedelta(minutes=1) or past > timedelta(days=7):
        return exact(moment)
    if past < timedelta(minutes=1):
        return gettext("just now")
    # Not Django's `timesince`: its Arabic says "2 two minutes".
    if past < timedelta(hours=1):
        number = past // timedelta(minutes=1)
        words = ngettext("%(number)d minute ago", "%(number)d minutes ago", number)
    elif past < timedelta(days=1):
        number = past // timedelta(hours=1)
        words = ngettext("%(number)d hour ago", "%(number)d hours ago", number)
    else:
        number = past // timedelta(days=1)
        words = ngettext("%(number)d day ago", "%(number)d days ago", number)
    # The number stays with its word at a line's end.
    return (words % {"number": number}).replace(f"{number} ", f"{number}\xa0", 1)


def exact(moment: datetime) -> str:
    """Say an aware `moment` in full in the current language and time zone.

    "Nov. 30, 2026, 1:05 p.m."; where clocks show that time twice, with which of the two.
    """
    local = timezone.localtime(moment)
    return date_format(local, "DATETIME_FORMAT") + which_of_two(local)


def day(value: date) -> str:
    """Say a day, or the day of a local time, in the current language: "Nov. 30, 2026"."""
    return date_format(value, "DATE_FORMAT")


def month(value: date) -> str:
    """Say a day's month in the current language: "November 2026"."""
    return date_format(value, "YEAR_MONTH_FORMAT")


def clock(value: datetime | time) -> str:
    """Say a local time on the clock in the current language: "1:05 p.m.", "12:00 p.m."."""
    return time_format(value, "TIME_FORMAT")


def weekday(value: date) -> str:
    """Say a local time with its weekday: "Mon., Nov. 30, 1:05 p.m."; a date: "Mon., Nov. 30"."""
    return date_format(value, r"D\., N j, g:i a" if isinstance(value, datetime) else r"D\., N j")


def left(due: datetime, now: datetime | None = None) -> str:
    """Say what is left until an aware `due` as on a clock: "4:05", "1:04:05"; late is "+0:30"."""
    seconds = round((due - (now or timezone.now())).total_seconds())
    sign, seconds = ("+", -seconds) if seconds < 0 else ("", seconds)
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{sign}{hours}:{minutes:02}:{seconds:02}" if hours else f"{sign}{minutes}:{seconds:02}"
