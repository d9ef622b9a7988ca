"""Whom to call by hand where messages run late: who of one's own teams is on call, and the center.

Staff see no colleague's number (``carriers/row_policies.py``): what is said is who, and the
center's own line, where somebody who has the numbers answers.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from upstander.oncall.queries import plans, shift_of
from upstander.oncall.reach import ringable
from upstander.people.scope import Viewer, viewing
from upstander.places.models import Center, District
from upstander.tips.queries import names_of

#: So many names have room in the line above every page.
_NAMED: Final = 3


class CallNow(NamedTuple):
    """Who is on call besides the viewer, by name, in the order to call; and the center's line."""

    people: tuple[str, ...]
    line: str


def call_now(viewer: Viewer) -> CallNow:
    """Return whom somebody calls now, of the teams they are in; opens ``viewing`` of its own.

    For pages that show a trouble already, as it costs some queries.
    """
    with viewing(viewer) as now:
        found = plans([one.team_id for one in viewer.memberships], now, now + timedelta(seconds=1))
        reached = ringable({person for plan in found for person in plan.members})
        shifts = [shift_of(plan, now, reached) for plan in found]
        first = [person for one in shifts for person in one.primary]
        then = [person for one in shifts for person in one.backup]
        others = dict.fromkeys(one for one in (*first, *then) if one != viewer.person_id)
        order = [*others][:_NAMED]
        names = names_of(order)
        districts = [one.district_id for one in viewer.memberships if one.district_id]
        centers = [one.center_id for one in viewer.memberships if one.center_id]
        centers += District.objects.filter(pk__in=districts).values_list("center_id", flat=True)
        lines = Center.objects.filter(pk__in=centers).exclude(callback_phone="")
        line = lines.order_by("pk").values_list("callback_phone", flat=True).first() or ""
    return CallNow(tuple(names[person] for person in order if person in names), line)
