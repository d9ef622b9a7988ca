"""For the walk over all addresses: somebody who is named in a tip."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.tips.actions.subjects import name_subject
from upstander.tips.opening import open_tip


def things(story: Story) -> dict[str, Any]:
    """Write a person down."""
    opened = open_tip(story.viewer(story.counselor), story.tip_id)
    return {"subject_id": name_subject(opened, "Somebody Named").pk}


WHOSE: dict[str, Owners] = {"tip_id": lambda values: values["sees_tip"]}
