"""What a place sets for all of its teams: its calendar, its hours, and a center's floor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.oncall.access import center_to_keep, district_to_keep
from upstander.oncall.models import Calendar, DayOff, Floor, QuietHours
from upstander.oncall.rules import SLOWEST_FLOOR
from upstander.people.scope import Viewer, viewing

#: Breaks and exceptions that one calendar holds.
MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Free:
    """Local days, both included, without school; or with school although they are holidays."""

    first: date
    last: date
    label: str
    in_session: bool = False


def set_region(viewer: Viewer, kind: str, place_id: int, region: str) -> None:
    """Say whose public holidays count at a district or a center (``kind``). Raises Http404."""
    with viewing(viewer):
        calendar = _calendar(kind, place_id)
        Calendar.objects.filter(pk=calendar.pk).update(region=region)
        _record("holidays chosen", viewer, calendar, {"region": region})


def add_days(viewer: Viewer, kind: str, place_id: int, days: Sequence[Free]) -> int:
    """Write days into a calendar, those that it has already left out; returns how many were new.

    Raises Http404, Refused.
    """
    with viewing(viewer):
        calendar = _calendar(kind, place_id)
        known = {
            (one.first, one.last, one.in_session)
            for one in DayOff.objects.filter(calendar=calendar)
        }
        new = [one for one in days if (one.first, one.last, one.in_session) not in known]
        if len(known) + len(new) > MOST_DAYS:
            raise Refused(
                _("A calendar holds %(MOST_DAYS)s entries. Remove old ones first.")
                % {"MOST_DAYS": MOST_DAYS}
            )
        DayOff.objects.bulk_create(
            DayOff(
                calendar=calendar,
                first=one.first,
                last=one.last,
                label=one.label,
                in_session=one.in_session,
            )
            for one in new
        )
        _record("days off added", viewer, calendar, {"days": len(new)})
    return len(new)


def remove_day(viewer: Viewer, kind: str, place_id: int, day_id: int) -> None:
    """Take an entry out of a calendar. Raises Http404."""
    with viewing(viewer):
        calendar = _calendar(kind, place_id)
        DayOff.objects.filter(calendar=calendar, pk=day_id).delete()
        _record("day off removed", viewer, calendar, {"day": day_id})


def set_hours(viewer: Viewer, district_id: int, opens: time, closes: time) -> None:
    """Say from when to when (local) a district is told of what is no life safety.

    Raises Http404, Refused.
    """
    if opens >= closes:
        raise Refused(_("The end must be after the start, on the same day."))
    with viewing(viewer):
        district = district_to_keep(district_id)
        QuietHours.objects.update_or_create(
            district=district, defaults={"opens": opens, "closes": closes}
        )
        record(
            "quiet hours set",
            actor=viewer,
            subject_kind="district",
            subject_id=district_id,
            district_id=district_id,
            detail={"opens": opens.isoformat(), "closes": closes.isoformat()},
        )


def set_floor(viewer: Viewer, center_id: int, floor: Mapping[str, int]) -> None:
    """Set by which channel, and how soon at the latest, a center has people told of life safety.

    Raises Http404, and Refused for a floor that would let everybody sleep.
    """
    if min((after for channel, after in floor.items() if channel != "email"), default=10**6) > 0:
        raise Refused(_("At least a text or a push notification must be sent at once."))
    if "voice" not in floor or max(floor.values()) > SLOWEST_FLOOR:
        raise Refused(
            _("A phone call must follow within %(SLOWEST_FLOOR)s minutes.")
            % {"SLOWEST_FLOOR": SLOWEST_FLOOR // 60}
        )
    with viewing(viewer):
        center = center_to_keep(center_id)
        Floor.objects.filter(center=center).delete()
        Floor.objects.bulk_create(
            Floor(center=center, channel=channel, after_seconds=after)
            for channel, after in sorted(floor.items())
        )
        record(
            "floor for life safety set",
            actor=viewer,
            subject_kind="center",
            subject_id=center_id,
            detail=dict(floor),
        )


def _calendar(kind: str, place_id: int) -> Calendar:
    """Return a place's calendar, made where there is none, for those who keep it."""
    if kind == "district":
        return Calendar.objects.get_or_create(district=district_to_keep(place_id))[0]
    return Calendar.objects.get_or_create(center=center_to_keep(place_id))[0]


def _record(action: str, viewer: Viewer, calendar: Calendar, detail: dict[str, object]) -> None:
    record(
        action,
        actor=viewer,
        subject_kind="calendar",
        subject_id=calendar.pk,
        district_id=calendar.district_id,
        detail=detail,
    )
