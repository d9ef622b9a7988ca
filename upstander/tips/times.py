"""Times as schools may see them: coarse, because a firewall's log lies beside every exact minute.

Whoever sees that a tip came in at 10:42 and may also read the school network's log knows which
child it was. So a school or district reads half-days ("Tuesday morning"), and of a life-safety tip,
where minutes matter, ten minutes. The center keeps the second. What a school's own people did is
said to the minute, unless something of the reporter came in that same half-day or ten minutes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, pgettext

from upstander.intake.priority import Priority
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import District, School
from upstander.tips.models import Tip
from upstander.ui.times import clock, exact, weekday

_STEP = 10


def coarse(at: datetime, priority: str, tz: tzinfo) -> datetime:
    """Return the beginning of the half-day or the ten minutes that a school may know."""
    local = at.astimezone(tz)
    if priority == Priority.LIFE_SAFETY:
        return local.replace(minute=local.minute - local.minute % _STEP, second=0, microsecond=0)
    return local.replace(hour=local.hour // 12 * 12, minute=0, second=0, microsecond=0)


def shown_to_school(at: datetime, priority: str, tz: tzinfo) -> str:
    """Say in words when something happened, no finer than a school may know it.

    ``at`` is aware; it is told in ``tz``, the school's own zone. Life safety: down to ten minutes;
    everything else: the morning, or the afternoon and evening, of a day.
    """
    start = coarse(at, priority, tz)
    day = weekday(start.date())
    if priority == Priority.LIFE_SAFETY:
        return gettext("%(day)s, about %(clock)s") % {"day": day, "clock": clock(start)}
    if start.hour < 12:
        return pgettext("half a day", "%(day)s, morning") % {"day": day}
    return pgettext("half a day", "%(day)s, afternoon or evening") % {"day": day}


def act_shown_to_school(at: datetime, priority: str, tz: tzinfo, wrote: Iterable[datetime]) -> str:
    """Say to the minute when a school's own people did something, in ``tz``.

    ``wrote``: when anything of the reporter came (aware). An act in the same coarse time as one of
    these would narrow it, so it is said as coarsely.
    """
    if coarse(at, priority, tz) in {coarse(one, priority, tz) for one in wrote}:
        return shown_to_school(at, priority, tz)
    return weekday(at.astimezone(tz))


def shown_to(viewer: Viewer, at: datetime, priority: str, tz: tzinfo) -> str:
    """Say when something happened as this viewer may know it: the center exactly."""
    if viewer.kind in (TeamKind.SCHOOL, TeamKind.DISTRICT):
        return shown_to_school(at, priority, tz)
    return exact(at)


def zone_of(tip: Tip) -> tzinfo:
    """Return the time zone of a tip's school, else of its district; call inside ``viewing``."""
    school = School.objects.filter(pk=tip.school_id).first() if tip.school_id else None
    place = school or District.objects.get(pk=tip.district_id)
    return ZoneInfo(place.time_zone)
