"""For the walk over all addresses: a client of each center, and going along with them."""

from __future__ import annotations

from typing import Any

from tests.story import WORDS, Owners, Story
from upstander.base.moment import database_now
from upstander.helplines.actions.accompaniments import ask
from upstander.helplines.actions.clients import open_client, take_on, write_note
from upstander.places.models import Center


def things(story: Story) -> dict[str, Any]:
    """Let the center be an agency too, and take somebody on."""
    viewer = story.viewer(story.counselor)
    Center.objects.filter(pk=story.place.center_id).update(advocates=True)
    client = take_on(viewer, {"name": "Heron"})
    opened = open_client(viewer, client)
    write_note(opened, WORDS)
    said = {"place": "court", "where": WORDS, "knows": WORDS}
    along = ask(opened, database_now(), said)
    return {
        "client_id": client,
        "accompaniment_id": along,
        "volunteer_id": viewer.person_id,
        "handed_id": client,
    }


WHOSE: dict[str, Owners] = {
    "client_id": lambda values: values["center"],
    "accompaniment_id": lambda values: values["center"],
    "handed_id": lambda values: values["center"],
    "volunteer_id": lambda values: values["center"],
}
