"""For the walk over all addresses: a team, its people and an invitation into it."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.people.actions.invitations import Invitee, invite
from upstander.people.roles import Role


def things(story: Story) -> dict[str, Any]:
    """Invite somebody into the team."""
    invitee = Invitee(f"new@{story.school}.example", Role.TEAM_MEMBER)
    return {
        "team_id": story.team_id,
        "invitation_id": invite(story.viewer(story.lead), story.team_id, invitee).id,
        "person_id": story.cast.people[story.member].pk,
    }


WHOSE: dict[str, Owners] = {
    "team_id": lambda values: values["leads"],
}
