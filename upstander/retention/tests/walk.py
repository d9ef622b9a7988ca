"""For the walk over all addresses: a whole district is held."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.retention.actions import place_hold

LEADS = {"maple": "dee", "harbor": "hal"}


def later(story: Story) -> dict[str, Any]:
    """Hold a whole district."""
    lead = LEADS[story.district]
    hold = place_hold(story.viewer(lead), story.place.pk, reason="A court asked.")
    keepers = {lead, "ada"} | ({"sam"} if story.district == "maple" else set())
    return {"hold_id": hold.pk, "keeps_records": keepers}


WHOSE: dict[str, Owners] = {"hold_id": lambda values: values["keeps_records"]}
