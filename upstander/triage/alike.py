"""Tips that may tell of the same: of one school, topic and quarter of an hour, however they differ.

They are offered to be linked, by a person who reads both. Call all of this inside ``viewing``.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from upstander.tips.models import Tip
from upstander.tips.states import TipState

WITHIN: Final = timedelta(minutes=15)
#: So many are offered to be linked: no more than a person would read.
MOST_ALIKE = 10


def alike_tips(tip: Tip) -> list[Tip]:
    """Return the newest open tips that may tell of the same and are not on its matter already."""
    if not tip.school_id:
        return []
    start = datetime.fromtimestamp(
        tip.received_at.timestamp() // WITHIN.total_seconds() * WITHIN.total_seconds(),
        tip.received_at.tzinfo,
    )
    near = Tip.objects.filter(
        district_id=tip.district_id,
        school_id=tip.school_id,
        tile=tip.tile,
        to_talk=tip.to_talk,
        received_at__gte=start,
        received_at__lt=start + WITHIN,
    ).exclude(state=TipState.CLOSED)
    return list(near.exclude(matter_id=tip.matter_id).order_by("-received_at", "pk")[:MOST_ALIKE])
