"""For the walk over all addresses: places, a team, its people and an invitation into it."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.places.actions.invitations import Invitee, invite
from upstander.places.posters import Paper
from upstander.places.roles import Role


def things(story: Story) -> dict[str, Any]:
    """Name the places, and invite somebody into the team."""
    invitee = Invitee(f"new@{story.school}.example", Role.TEAM_MEMBER)
    return {
        "team_id": story.team_id,
        "invitation_id": invite(story.viewer(story.lead), story.team_id, invitee).id,
        "person_id": story.cast.people[story.member].pk,
        "center_id": story.place.center_id,
        "district_id": story.place.pk,
        "school_id": getattr(story.cast, story.school).pk,
        "language": "en",
        "paper": Paper.LETTER,
        "center_of": {"ada", "sam"} if story.district == "maple" else {"ada"},
    }


WHOSE: dict[str, Owners] = {
    "team_id": lambda values: values["leads"],
    "paper": lambda values: values["prints"],
}
