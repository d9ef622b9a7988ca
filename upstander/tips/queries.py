"""Reads around a tip that more than one page needs. Call them inside ``viewing`` unless told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from uuid import UUID

from django.db import connection

from upstander.audit.models import Entry
from upstander.matters.people_near import opened_name
from upstander.people.models import Person
from upstander.tips.models import Channel, Message, Tip

#: Entries of one tip that the page shows; the record holds them all.
HISTORY_LIMIT = 300


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """Return colleagues' names by their id; those out of the viewer's view are left out."""
    wanted = {person for person in person_ids if person is not None}
    return {person.pk: person.name for person in Person.objects.filter(pk__in=wanted)}


def names_in_record(kind: str, subject: UUID, person_ids: Iterable[int | None]) -> dict[int, str]:
    """Return names of whoever did something with a tip or case, by id: also of who has left."""
    wanted = {person for person in person_ids if person is not None}
    found = names_of(wanted)
    if left := wanted - found.keys():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT person, name FROM api.names_in_record(p_kind => %s, p_subject => %s, "
                "p_people => %s)",
                [kind, str(subject), sorted(left)],
            )
            found |= {person: opened_name(name) for person, name in cursor.fetchall()}
    return found


def is_only_taken_down(tip: Tip) -> bool:
    """Tell whether an adult took it down and no child has written to it since."""
    later = Message.objects.filter(
        tip_id=tip.pk, author=Message.Author.REPORTER, kind=Message.Kind.TEXT, turn__gt=1
    )
    return tip.channel == Channel.STAFF and not later.exists()


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


def sent_since(tip_id: UUID, person_id: int, kind: str, since: str) -> bool:
    """Tell whether somebody has sent what they began after their page was made.

    ``since`` is the page's time in seconds of the epoch, as the page says it back; anything else is
    no time, and the answer no. Call it inside ``viewing``, with the tip locked: what is being sent
    at this moment has been, or comes later.
    """
    if not since.isascii() or not since.isdigit() or len(since) > 11 or kind not in _SENT:
        return False
    return Entry.objects.filter(
        subject_kind="tip",
        subject_id=str(tip_id),
        actor_id=person_id,
        action=_SENT[kind],
        at__gt=datetime.fromtimestamp(int(since), UTC),
    ).exists()
