"""Reads around a tip that more than one page needs. Call them inside ``viewing``."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from upstander.audit.models import Entry
from upstander.places.models import Person

#: Entries of one tip that the page shows; the record holds them all.
HISTORY_LIMIT = 300


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """Return colleagues' names by their id; those out of the viewer's view are left out."""
    wanted = {person for person in person_ids if person is not None}
    return {person.pk: person.name for person in Person.objects.filter(pk__in=wanted)}


def history_of(tip_id: UUID) -> list[Entry]:
    """Return a tip's latest entries in the record, oldest first."""
    newest = Entry.objects.filter(subject_kind="tip", subject_id=str(tip_id)).order_by("-pk")
    return list(
        reversed(newest.only("at", "actor_kind", "actor_id", "action", "detail")[:HISTORY_LIMIT])
    )
