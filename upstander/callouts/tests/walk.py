"""For the walk over all addresses: a callout of each center's own site."""

from __future__ import annotations

from typing import Any

from tests.story import WORDS, Owners, Story
from upstander.callouts.actions.callouts import ask
from upstander.callouts.models import Site


def things(story: Story) -> dict[str, Any]:
    """Let the center's team go out, and ask it for somebody."""
    viewer = story.viewer(story.counselor)
    team = viewer.memberships[0]
    site, _ = Site.objects.get_or_create(
        team_id=team.team_id,
        defaults={
            "district_id": story.place.pk,
            "name": team.team_name,
            "towns": [f"Town {team.team_id}"],
        },
    )
    facts = {"way": "call", "language": "en", "danger": False}
    return {"callout_id": ask(viewer, site, team.team_id, facts, {"where": WORDS}, {})}


WHOSE: dict[str, Owners] = {
    "callout_id": lambda values: values["center"],
}
