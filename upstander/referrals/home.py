"""What a home page tells of the latest half-year: which needs were not met."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from upstander.editions.halves import halves
from upstander.editions.keeping import NotOurs, Where, kept_editions
from upstander.people.permissions import may
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer
from upstander.places.models import District
from upstander.plug import HomeFigure
from upstander.referrals.rights import ReferralRight
from upstander.referrals.unmet import KEY, UNMET


def at_home(viewer: Viewer, now: datetime) -> list[HomeFigure]:
    """Return how many needs of a district's latest half-year were not met, as it was published.

    Call inside ``viewing``.
    """
    if viewer.kind is TeamKind.CENTER or not may(viewer, ReferralRight.SEE_UNMET):
        return []
    own = [one.district_id for one in viewer.memberships if one.district_id]
    for district in District.objects.filter(pk__in=own).order_by("name")[:1]:
        where = Where(district.pk, halves(now, ZoneInfo(district.time_zone))[0])
        try:
            found = kept_editions(viewer, where, (KEY,))
        except NotOurs:
            return []
        whole = found[KEY].tables[0].whole if found else None
        unmet, of = (whole.yes.get(UNMET), whole.of) if whole else (None, None)
        return [HomeFigure(gettext("Needs that were not met"), "/unmet", unmet, of)]
    return []
