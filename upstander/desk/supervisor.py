"""The supervisor's page: who is on, who waits, who is stuck. Numbers about the work, no ranking."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from upstander.approvals.todo import to_do
from upstander.emergency.flags import why_looked_at
from upstander.emergency.queries import (
    NORM_PERCENT,
    NORM_SOURCE,
    flagged_calls,
    police_shares,
)
from upstander.mandated.actions.answers import unanswered
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.triage import load
from upstander.triage.queries import counts_for
from upstander.triage.rows import rows_for


@require_GET
@requires(Permission.SUPERVISE)
def supervisor(request: HttpRequest) -> HttpResponse:
    """Show the center's load and what needs somebody else's eyes."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        eyes = load.needing_eyes(viewer, now)
        stuck = rows_for(eyes[: load.SHOWN])
        opinions = load.open_opinions(viewer, now)
        context = {
            "people": load.people_of(viewer, now),
            "longest": load.longest_wait(viewer),
            "late_decisions": load.late_decisions(viewer, now),
            "only_words": load.only_words(viewer),
            "now": now,
            "counts": counts_for(viewer),
            "stuck": stuck,
            "more_stuck": len(eyes) - len(stuck),
            "opinions": opinions,
            "times": load.times_of(viewer, now),
            "most_timed": load.TIMED,
            "shares": police_shares(viewer, now),
            "flagged": [(call, why_looked_at(call)) for call in flagged_calls(now)],
            "unanswered": unanswered(),
            "approvals": to_do(viewer, now),
            "norm": NORM_PERCENT,
            "source": NORM_SOURCE,
            "me": viewer.person_id,
        }
    return render(request, "desk/supervisor.html", context)
