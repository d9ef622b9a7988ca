"""For the walk over all addresses: a team is tested."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.watch.actions.drills import begin_drill


def things(story: Story) -> dict[str, Any]:
    """Begin a drill."""
    return {"drill_id": begin_drill(story.viewer(story.lead), story.team_id).pk}


#: Those who are tested, and those who answer for the team.
WHOSE: dict[str, Owners] = {
    "drill_id": lambda values: values["sees_tip"] - {"alice", "bea", "cora"}
}
