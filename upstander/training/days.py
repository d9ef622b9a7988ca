"""Which day it is in a district."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from upstander.places.models import District


def day_in(district_id: int, now: datetime) -> date:
    """Return the day in a district's time zone at ``now`` (UTC); one query."""
    zone = District.objects.values_list("time_zone", flat=True).get(pk=district_id)
    return now.astimezone(ZoneInfo(zone)).date()
