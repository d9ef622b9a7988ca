"""Who keeps the desk of a center that goes out, and what the desk says of the roads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from upstander.audit.actions import record
from upstander.callouts.models import Callout, Site
from upstander.callouts.ringing import DESK, ring
from upstander.escalations.actions.alerts import answer_alert
from upstander.escalations.actions.offers import end_each
from upstander.escalations.actions.steps import advance
from upstander.escalations.models import Acknowledgement, Alert, Step
from upstander.people.scope import System, Viewer, viewing
from upstander.places.models import District

#: How long whoever says that they keep the desk does, unless they say otherwise before.
SHIFT: Final = timedelta(hours=12)


def keep_desk(viewer: Viewer, *, keeps: bool) -> None:
    """Say that the viewer keeps the desk of their centers that go out, or does no more.

    Whoever keeps it is offered nothing; what they are being asked is asked of the next at once.
    """
    centers = {one.center_id for one in viewer.memberships if one.center_id is not None}
    me = viewer.person_id
    with viewing(viewer) as now:
        own = District.objects.filter(center_id__in=centers).values_list("pk", flat=True)
        sites = Site.objects.filter(district_id__in=list(own))
        if not keeps:
            sites.filter(desk_by=me).update(desk_by=None, desk_until=None)
        else:
            sites.update(desk_by=me, desk_until=now + SHIFT)
            running = Alert.objects.select_for_update().exclude(state=Alert.State.ENDED)
            running = running.filter(district_id__in=list(own)).order_by("pk")
            end_each(running.filter(page=DESK))
            for alert in running.filter(page="callouts"):
                mine = alert.steps.filter(target=f"person:{me}", state=Step.State.DUE)
                if mine.update(state=Step.State.CANCELLED):
                    advance(alert, now)
        for one in set(sites.values_list("district_id", flat=True)):
            record(
                "callout desk kept",
                actor=viewer,
                subject_kind="district",
                subject_id=one,
                district_id=one,
                detail={"keeps": keeps},
            )


def leave_desk(row: Callout, person: int, now: datetime, by: Viewer | System) -> None:
    """Ask who keeps the desk after whoever goes: everybody else on call, then the supervisor."""
    kept = Site.objects.filter(desk_by=person, desk_until__gt=now)
    if kept.update(desk_by=None, desk_until=None):
        alert = ring(row, [], now, page=DESK)
        answer_alert(alert, person, Acknowledgement.Answer.CANNOT, actor=by, via="desk", now=now)


def say_roads(viewer: Viewer, slow: float, why: str, hours: int) -> None:
    """Say how many times as long ways take for the viewer's centers; 1.0: as long as ever."""
    centers = {one.center_id for one in viewer.memberships if one.center_id is not None}
    with viewing(viewer) as now:
        own = District.objects.filter(center_id__in=centers)
        bad = slow > 1
        until = now + timedelta(hours=hours) if bad else None
        Site.objects.filter(district_id__in=list(own.values_list("pk", flat=True))).update(
            slow=slow, slow_code=why if bad else "", slow_until=until
        )
        for one in own:
            record(
                "callout roads said",
                actor=viewer,
                subject_kind="district",
                subject_id=one.pk,
                district_id=one.pk,
                detail={"slow": slow, "why": why, "hours": hours},
            )
