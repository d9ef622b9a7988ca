"""For the walk over all addresses: places, and what is printed for them."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.administration.posters import Paper


def things(story: Story) -> dict[str, Any]:
    """Name the places."""
    return {
        "center_id": story.place.center_id,
        "district_id": story.place.pk,
        "school_id": getattr(story.cast, story.school).pk,
        "language": "en",
        "paper": Paper.LETTER,
        "center_of": {"ada", "sam"} if story.district == "maple" else {"ada"},
    }


WHOSE: dict[str, Owners] = {
    "paper": lambda values: values["prints"],
}
