"""For the walk over all addresses: somebody's own way to be reached."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.carriers.actions import add_method


def things(story: Story) -> dict[str, Any]:
    """Add an address of the team member's."""
    name = story.member
    kept = add_method(story.viewer(name), kind="email", address=f"{name}@home.example")
    return {"method_id": kept.pk, "method_of": name}


WHOSE: dict[str, Owners] = {"method_id": lambda values: {values["method_of"]}}
