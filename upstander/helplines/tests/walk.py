"""For the walk over all addresses: a client of each center, and going along with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.story import WORDS, Owners, Story
from upstander.base.moment import database_now
from upstander.helplines.actions.accompaniments import ask
from upstander.helplines.actions.clients import open_client, take_on, write_note
from upstander.helplines.actions.deadlines import note_deadline
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
    due = note_deadline(opened, database_now() + timedelta(days=2), WORDS)
    return {"client_id": client, "deadline_id": due, "accompaniment_id": along}


WHOSE: dict[str, Owners] = {
    "client_id": lambda values: values["center"],
    "accompaniment_id": lambda values: values["center"],
}
