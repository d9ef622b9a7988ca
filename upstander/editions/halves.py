"""The spans that figures are published of: half-years, which never overlap. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

#: Half-years that can be looked at.
HALVES: Final = 8
#: So long after its end a half-year is published: what belongs to it has been filled in by then.
#: The database says the same (``api.keep_edition``).
SETTLES: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, order=True)
class Half:
    """One half of a calendar year: a school year's first half is July to December."""

    year: int
    second: bool

    @property
    def key(self) -> str:
        """How it stands in an address."""
        return f"{self.year}-{2 if self.second else 1}"

    @property
    def words(self) -> str:
        """How it is called."""
        if self.second:
            return gettext("July to December %(year)s") % {"year": self.year}
        return gettext("January to June %(year)s") % {"year": self.year}

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return its first moment and the first one after it."""
        return _start(self, zone), _start(self.next(), zone)

    def next(self) -> Half:
        """Return the half-year after it."""
        return Half(self.year + 1, second=False) if self.second else Half(self.year, second=True)

    def before(self) -> Half:
        """Return the half-year before it."""
        return Half(self.year, second=False) if self.second else Half(self.year - 1, second=True)


def _start(half: Half, zone: ZoneInfo) -> datetime:
    return datetime.combine(date(half.year, 7 if half.second else 1, 1), time(), zone)


def halves(now: datetime, zone: ZoneInfo) -> list[Half]:
    """Return the half-years that are published, the latest first."""
    settled = now.astimezone(zone) - SETTLES
    half, found = Half(settled.year, second=settled.month > 6).before(), []
    for _ in range(HALVES):
        found.append(half)
        half = half.before()
    return found
