"""Reads around a tip that more than one page needs. Call them inside ``viewing`` unless told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from upstander.audit.models import Entry
from upstander.places.models import Person
from upstander.places.scope import Viewer, viewing

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


#: What the record says once something that had been begun was sent.
_SENT: dict[str, str] = {
    "reply": "reply sent",
    "note": "note written",
    "brief": "tip handed off",
    "assessment": "tip assessed",
}


def sent_since(viewer: Viewer, tip_id: UUID, kind: str, since: str) -> bool:
    """Tell whether the viewer has sent what they began after their page was made.

    ``since`` is the page's time in seconds of the epoch, as the page says it back; anything else is
    no time, and the answer no. Call it outside ``viewing``.
    """
    if not since.isascii() or not since.isdigit() or len(since) > 11 or kind not in _SENT:
        return False
    with viewing(viewer):
        return Entry.objects.filter(
            subject_kind="tip",
            subject_id=str(tip_id),
            actor_id=viewer.person_id,
            action=_SENT[kind],
            at__gt=datetime.fromtimestamp(int(since), UTC),
        ).exists()
