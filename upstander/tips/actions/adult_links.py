"""Links by which an adult takes down what a child said: made, taken back, and the desk's own.

Whatever comes of one goes to the center. Whoever made it for somebody else is kept out of that
(``tips_link_binds``, ``tips_take_link``), and is never told whether it was used.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.http import Http404

from upstander.audit.actions import record
from upstander.people.scope import Viewer, viewing
from upstander.tips.link_models import AdultLink
from upstander.vault.links import link_hash, new_link_secret

#: How long a link can be used, and one of the desk's own form.
DAYS: Final = 7
OWN_FOR: Final = timedelta(minutes=10)


def make_link(viewer: Viewer, *, district_id: int, school_id: int | None, note: str) -> str:
    """Make a link for an adult without an account; return its secret, which is kept nowhere.

    One durable transaction. Raises DatabaseError where the database lets the viewer make none.
    """
    secret = new_link_secret()
    with viewing(viewer) as now:
        row = AdultLink(
            district_id=district_id,
            school_id=school_id,
            made_by=viewer.person_id,
            made_at=now,
            note=note.strip(),
            matter_id=uuid4(),
            expires_at=now + timedelta(days=DAYS),
            link_hash=link_hash(secret),
        )
        row.save(force_insert=True)
        record(
            "adult link made",
            actor=viewer,
            subject_kind="adult link",
            subject_id=row.pk,
            district_id=district_id,
        )
    return secret


def take_back(viewer: Viewer, link_id: UUID) -> None:
    """Take a link of one's own back: it opens nothing any more. Raises Http404.

    One that was used is taken back just so: nothing says that it was.
    """
    with viewing(viewer):
        row = link_for(viewer, link_id)
        AdultLink.objects.filter(pk=row.pk).delete()
        record(
            "adult link taken back",
            actor=viewer,
            subject_kind="adult link",
            subject_id=row.pk,
            district_id=row.district_id,
        )


def open_own(viewer: Viewer, *, district_id: int, school_id: int | None) -> str:
    """Let a member of staff send one tip by the desk's own form; return the secret that does it.

    The record keeps who took words down, with the matter that comes of them, and no page shows it.
    """
    secret, matter = new_link_secret(), uuid4()
    with viewing(viewer) as now:
        AdultLink(
            district_id=district_id,
            school_id=school_id,
            made_by=viewer.person_id,
            made_at=now,
            own=True,
            matter_id=matter,
            expires_at=now + OWN_FOR,
            link_hash=link_hash(secret),
        ).save(force_insert=True)
        record(
            "words taken down",
            actor=viewer,
            subject_kind="person",
            subject_id=viewer.person_id,
            matter_id=matter,
        )
    return secret


#: What a maker may read of their links.
_SHOWN: Final = ("id", "district_id", "school_id", "made_by", "made_at", "expires_at", "note")


def links_of(viewer: Viewer) -> list[AdultLink]:
    """Return the links that somebody made for others and whose time is not over, newest first.

    Call inside ``viewing``. Whether one was used can't be asked.
    """
    rows = AdultLink.objects.filter(made_by=viewer.person_id, own=False)
    return list(rows.only(*_SHOWN).order_by("-made_at", "pk"))


def link_for(viewer: Viewer, link_id: UUID) -> AdultLink:
    """Return a link of the viewer's own; call inside ``viewing``. Raises Http404."""
    found = AdultLink.objects.filter(pk=link_id, own=False).only(*_SHOWN).first()
    if found is None or found.made_by != viewer.person_id:
        raise Http404
    return found
