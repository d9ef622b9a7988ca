"""For the walk over all addresses: a team on call by turns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.story import Owners, Story
from upstander.base.moment import database_second
from upstander.oncall.actions.plans import add_override, save_layer
from upstander.oncall.actions.swaps import ask_swap
from upstander.oncall.tests.setup import phones, weekly


def things(story: Story) -> dict[str, Any]:
    """Put a team on call by turns, with an override, and a swap that one asks the other for."""
    phones(story.cast, story.lead, story.member)
    team, boss, other = story.team_id, story.viewer(story.lead), story.viewer(story.member)
    soon = database_second() + timedelta(hours=1), database_second() + timedelta(hours=2)
    people = boss.person_id, other.person_id
    return {
        "swap_of": {story.lead, story.member},
        "layer_id": save_layer(boss, team, weekly(*people)),
        "override_id": add_override(
            boss, team, duty="primary", on=people[0], off=None, start=soon[0], end=soon[1]
        ),
        "swap_id": ask_swap(other, team, duty="primary", taker_id=people[0], gives=soon),
    }


WHOSE: dict[str, Owners] = {
    "swap_id": lambda values: values["swap_of"],
    # More than a team's leads see who is on call, its members take over from each other, and not
    # the administrator alone keeps a place's calendar.
    "oncall:plan": lambda values: values["sees_tip"] | {"ada"},
    "oncall:ask_swap": lambda values: values["asked"],
    "oncall:district": lambda values: values["prints"] - values["asked"],
    "oncall:center": lambda values: values["center_of"],
}
