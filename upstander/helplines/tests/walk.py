"""For the walk over all addresses: a client of each center, and going along with them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.story import WORDS, Owners, Story
from upstander.base.moment import database_now
from upstander.helplines.actions.accompaniments import accept, ask, open_accompaniment
from upstander.helplines.actions.clients import open_client, take_on, write_note
from upstander.helplines.actions.deadlines import note_deadline
from upstander.helplines.actions.partners import tell
from upstander.helplines.models import Partner
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
    accept(viewer, along)
    tell(open_accompaniment(viewer, along), "court", WORDS, "clerk@example.org")
    partner = Partner.objects.get(accompaniment_id=along).pk
    due = note_deadline(opened, database_now() + timedelta(days=2), WORDS)
    return {
        "client_id": client,
        "accompaniment_id": along,
        "deadline_id": due,
        "partner_id": partner,
        "volunteer_id": viewer.person_id,
        "handed_id": client,
    }


WHOSE: dict[str, Owners] = {
    "client_id": lambda values: values["center"],
    "accompaniment_id": lambda values: values["center"],
    "deadline_id": lambda values: values["center"],
    "partner_id": lambda values: values["center"],
    "handed_id": lambda values: values["center"],
    "volunteer_id": lambda values: values["center"],
}
