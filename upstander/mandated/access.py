"""The only road to a duty's row. A foreign one is 404, and the database hides it anyway."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404

from upstander.mandated.models import Duty
from upstander.places.scope import Viewer


def duty_for(viewer: Viewer, duty_id: UUID) -> Duty:
    """Return a duty that the viewer may know of; call inside ``viewing``. Raises Http404."""
    duty = Duty.objects.filter(pk=duty_id).first()
    if duty is None:
        raise Http404
    return duty
