"""For the walk over all addresses: a contact of each center, referred to a service."""

from __future__ import annotations

from typing import Any

from tests.story import WORDS, Owners, Story
from upstander.directory.actions.loading import load_services
from upstander.directory.models import Service
from upstander.referrals.actions import open_contact, refer, take_contact


def things(story: Story) -> dict[str, Any]:
    """Take a contact at the center, and refer them."""
    if not Service.objects.exists():
        load_services()
    viewer = story.viewer(story.counselor)
    contact = take_contact(
        viewer, story.place.pk, {"way": "call", "needs": ["food"]}, {"story": WORDS}
    )
    service = Service.objects.order_by("slug").first()
    assert service is not None
    told = refer(
        open_contact(viewer, contact),
        service_id=service.pk,
        need="food",
        consent="adult",
        words={"told": WORDS},
        email="agency@example.org",
    )
    return {"contact_id": contact, "service_id": service.pk, "referral_id": told.id}


WHOSE: dict[str, Owners] = {
    "contact_id": lambda values: values["center"],
}
