"""Who would get a tip by a hand-off, shown while its teams are being chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from upstander.desk.brief import mark_of
from upstander.oncall.hours import not_before
from upstander.people.models import Team
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.models import Tip
from upstander.triage import staff
from upstander.ui import times


@require_GET
@requires(Permission.WORK_TIPS)
def shown(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Show who would get a tip from the teams that are ticked."""
    viewer = viewer_of(request)
    with viewing(viewer):
        # No word of it is opened: to tick and untick is nothing that the record should call so.
        tip = tip_for(viewer, tip_id)
        teams, _excluded = staff.teams_for(tip)
    getting = getting_of(viewer, tip, teams, request.GET.getlist("teams"))
    return render(request, "desk/handoff_who.html", getting)


def asked_from(tip: Tip, now: datetime) -> datetime | None:
    """Return when anybody is first asked about a tip that is handed off ``now`` (UTC).

    None: at once. Call inside ``viewing``.
    """
    begins = not_before(
        tip.district_id, tip.priority, now, mandated=tip.mandated, raised=tip.happening_now
    )
    return begins if begins > now else None


def handed_off_words(waits: datetime | None) -> str:
    """Return what is said of a hand-off: that they are asked, or when they will be."""
    if waits is None:
        return gettext("Handed off. Below you can see who has been asked and who answers.")
    return gettext("Handed off. No one is asked before %s, unless you press “Ask now” below.") % (
        times.weekday(localtime(waits))
    )


def getting_of(
    viewer: Viewer, tip: Tip, teams: Iterable[Team], chosen: Iterable[str] | None
) -> dict[str, Any]:
    """Return what the form shows of who gets it and when, with the mark by which it is known."""
    wanted = set(chosen or ())
    with viewing(viewer) as now:
        chosen_teams = [team for team in teams if str(team.pk) in wanted]
        getting = staff.who_would_get_it(tip, chosen_teams, now)
        begins = asked_from(tip, now)
    return {"getting": getting, "who_mark": who_mark(getting), "asked_from": begins}


def who_mark(getting: Iterable[staff.Getting]) -> str:
    """Return by what a form tells whom it showed; whose turn it is on call changes nothing."""
    return mark_of(repr([replace(one, asked=()) for one in getting]))
