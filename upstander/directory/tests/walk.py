"""For the walk over all addresses: a helping service."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.directory.actions.loading import load_services
from upstander.directory.sources import Source


def things(story: Story) -> dict[str, Any]:
    """Bring the State's services in; they are no district's own."""
    load_services()
    source = Source.objects.create(name="A file", keeper=1)
    return {"service": "careline", "source": source.pk, "form": "json"}


WHOSE: dict[str, Owners] = {}
