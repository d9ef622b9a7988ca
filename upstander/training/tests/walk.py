"""For the walk over all addresses: an employee of each school, and what its head signed."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story


def things(story: Story) -> dict[str, Any]:
    """Employ somebody, let the worker see to what they owe, and let the head sign."""
    return {}


WHOSE: dict[str, Owners] = {}
