"""What a home page tells of the latest half-year: how many reports were finished on time."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext

from upstander.editions.halves import halves
from upstander.mandated.ledger import finished_between
from upstander.mandated.rights import DutyRight
from upstander.mandated.told import told
from upstander.people.permissions import may
from upstander.people.roles import Role
from upstander.people.scope import Viewer
from upstander.places.models import District
from upstander.plug import HomeFigure


def at_home(viewer: Viewer, now: datetime) -> list[HomeFigure]:
    """Return how many of a half-year's finished reports were on time; call inside ``viewing``.

    Not to who is the board's chair alone: what reaches them is not what the district has.
    """
    if not may(viewer, DutyRight.SEE_LEDGER) or viewer.roles == {Role.BOARD_CHAIR}:
        return []
    own = [one.district_id for one in viewer.memberships if one.district_id]
    for district in District.objects.filter(pk__in=own).order_by("name")[:1]:
        half = halves(now, ZoneInfo(district.time_zone))[0]
        first = date(half.year, 7 if half.second else 1, 1)
        last = date(half.year, 12 if half.second else 6, 30)
        figures = told(finished_between(first, last, now).all)
        words = gettext("Reports finished on time")
        return [HomeFigure(words, "/ledger", figures.in_time, figures.duties)]
    return []
