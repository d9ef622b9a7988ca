"""The only roads to a tip's row. A foreign row is 404, and the database hides it anyway."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.tips.models import Attachment, Tip
from upstander.tips.states import Mover


def tip_for(viewer: Viewer, tip_id: UUID, *, lock: bool = False) -> Tip:
    """Return a tip that the viewer may see; call inside ``viewing(viewer)``.

    ``lock`` holds the row until the transaction ends. Raises Http404 for a foreign or unknown id:
    the two can't be told apart.
    """
    query = Tip.objects.select_for_update() if lock else Tip.objects.all()
    tip = query.filter(pk=tip_id).first()
    if tip is None:
        raise Http404
    return tip


def attachment_for(viewer: Viewer, tip_id: UUID, attachment_id: UUID) -> Attachment:
    """Return a file of a tip that the viewer may see; call inside ``viewing(viewer)``.

    Raises Http404.
    """
    row = Attachment.objects.filter(pk=attachment_id, tip_id=tip_id).first()
    if row is None:
        raise Http404
    return row


def mover_of(viewer: Viewer) -> Mover:
    """Return in which role the viewer moves a tip's state."""
    return Mover.CENTER if viewer.kind is TeamKind.CENTER else Mover.SCHOOL
