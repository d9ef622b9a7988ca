"""The alerts of a callout: asking to go, a silent alarm, a desk that is empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from upstander.callouts.models import Callout
from upstander.escalations.actions.offers import open_offer
from upstander.escalations.models import Alert

#: What alerts are about, beside a callout itself: where each has its words (``carriers.visits``).
PANIC: Final = "panic"
DESK: Final = "desk"


def ring(
    row: Callout, people: Sequence[int], now: datetime, *, page: str = "callouts", **more: int
) -> Alert:
    """Open an alert of a callout: people in their order, then the desk and its supervisor.

    ``more``: as ``open_offer``.
    """
    return open_offer(
        subject_id=row.pk,
        matter_id=row.matter_id,
        reference=row.reference,
        district_id=row.district_id,
        people=people,
        now=now,
        page=page,
        **more,
    )
