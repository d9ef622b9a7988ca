"""For the walk over all addresses: that another center is to answer for the district."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.triage.moving.actions import ask_move


def things(story: Story) -> dict[str, Any]:
    """Ask, as the administrator, that the district goes to the other center."""
    cast = story.cast
    other = cast.harbor.center_id if story.district == "maple" else cast.center.pk
    return {
        "move_id": ask_move(story.viewer("ada"), story.place.pk, other),
        "gives": {"sam"} if story.district == "maple" else set(),
    }


WHOSE: dict[str, Owners] = {
    "triage:pass_on": lambda values: values["gives"],
}
