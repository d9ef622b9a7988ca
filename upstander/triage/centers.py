"""What a center is for: here, to answer reports."""

from __future__ import annotations

from django.db.models import Q

from upstander.people.scope import Viewer
from upstander.places.models import District
from upstander.tips.models import Tip
from upstander.triage.queries import centers_of


def takes_tips(viewer: Viewer) -> bool:
    """Tell whether a viewer's center answers reports: of its schools, or of who names no place.

    Call inside ``viewing``. Also where it still has one, and a new center that has no district yet.
    """
    centers = centers_of(viewer)
    own = District.objects.filter(center_id__in=centers)
    return (
        own.filter(Q(schools__isnull=False) | Q(catch_all=True)).exists()
        or Tip.objects.filter(center_id__in=centers).exists()
        or not own.exists()
    )
