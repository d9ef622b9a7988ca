"""For the walk over all addresses: a link for an adult without an account."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.people.scope import viewing
from upstander.tips.actions.adult_links import links_of, make_link


def things(story: Story) -> dict[str, Any]:
    """Let the team's lead make one."""
    lead = story.viewer(story.lead)
    make_link(lead, district_id=story.place.pk, school_id=None, note="A driver")
    with viewing(lead):
        return {"adult_link_id": links_of(lead)[0].pk, "made_link": story.lead}


WHOSE: dict[str, Owners] = {"adult_link_id": lambda values: {values["made_link"]}}
