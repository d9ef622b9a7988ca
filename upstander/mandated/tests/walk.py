"""For the walk over all addresses: somebody's own duty to report."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.mandated.actions import start_duty
from upstander.mandated.suspicion import Suspicion
from upstander.places.scope import viewing

MONITORS = {"maple": "moni", "harbor": "mark"}


def things(story: Story) -> dict[str, Any]:
    """Begin the team member's own duty."""
    viewer = story.viewer(story.member)
    with viewing(viewer) as now:
        pass
    return {
        "duty_id": start_duty(viewer, Suspicion("us-ct", "abuse", story.place.pk, now)),
        "watched_by": MONITORS[story.district],
    }


WHOSE: dict[str, Owners] = {"duty_id": lambda values: {values["owes"]}}
