"""For the walk over all addresses: a district compares outcomes by something."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.accountability.actions.outcomes import add_division
from upstander.accountability.models import Division

LEADS = {"maple": "dee", "harbor": "hal"}


def later(story: Story) -> dict[str, Any]:
    """Let a district compare outcomes by something."""
    lead = LEADS[story.district]
    add_division(story.viewer(lead), story.place.pk, "Lunch", ["Free", "Paid"])
    division = Division.objects.get(district_id=story.place.pk)
    return {"division_id": division.pk, "compares": {lead}}


WHOSE: dict[str, Owners] = {"division_id": lambda values: values["compares"]}
