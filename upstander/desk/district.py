"""The district lead's page: what is open at the schools, who has it, and what is past its time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from upstander.desk.english import in_english
from upstander.desk.team_panels import live_since, rows_of
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.plug import at_home
from upstander.tips.models import Tip
from upstander.tips.states import TipState

#: Open tips on the page; more than this at once is a day on which one telephones.
LIMIT = 500


@require_GET
@requires(Permission.SEE_DISTRICT)
@in_english
def district(request: HttpRequest) -> HttpResponse:
    """List the district's open tips without a word of them, what is past its time first."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        figures = at_home(viewer, now)
        since, rows = live_since(), rows_of(viewer, open_tips(viewer))
    rows.sort(key=lambda row: (not row.standing.late, *row.place))
    return render(
        request,
        "desk/district.html",
        {
            "rows": rows,
            "figures": figures,
            "since": since,
            "unanswered": sum(row.standing.needs_answer for row in rows),
            "late": sum(row.standing.late for row in rows),
            "places": ", ".join(membership.team_name for membership in viewer.memberships),
        },
    )


def open_tips(viewer: Viewer) -> list[Tip]:
    """Return what is open in the viewer's districts, life safety first; call inside ``viewing``.

    What has reached a school: the wall shows no other to a district's lead.
    """
    own = [one.district_id for one in viewer.memberships if one.district_id is not None]
    tips = Tip.objects.filter(district_id__in=own).exclude(state=TipState.CLOSED)
    return list(tips.order_by("rank", "received_at")[:LIMIT])
