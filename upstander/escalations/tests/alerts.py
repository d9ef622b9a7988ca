"""Alerts for tests, raised as a hand-off raises them."""

from __future__ import annotations

from uuid import UUID, uuid4

from conftest import Cast
from upstander.escalations.actions import open_alert
from upstander.escalations.models import Alert
from upstander.escalations.queries import database_now
from upstander.places.models import Matter
from upstander.places.priority import Priority


def an_alert(
    cast: Cast,
    team: str,
    *,
    priority: Priority = Priority.LIFE_SAFETY,
    subject_id: UUID | None = None,
    holders: list[str] | None = None,
    happening_now: bool = False,
    raised: bool = True,
) -> Alert:
    """Open an alert of a Maple Valley matter that is handed to ``team``."""
    matter = Matter.objects.create(district_id=cast.maple.pk)
    return open_alert(
        subject_id=subject_id or uuid4(),
        matter_id=matter.pk,
        reference="K7Q-2MX",
        district_id=cast.maple.pk,
        priority=priority,
        holders=holders or [cast.teams[team].holder],
        now=database_now(),
        school_id=cast.teams[team].school_id,
        happening_now=happening_now,
        # Tests run at any hour; what waits for the morning says so.
        raised=raised,
    )
