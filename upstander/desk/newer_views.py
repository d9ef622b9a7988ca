"""Sends what is newer to the team and to the police who were told something older of a tip."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.base.refused import Refused
from upstander.desk.emergency_seen import UNSHOWN, Seen, see
from upstander.desk.newer import as_text, for_police, lines_for
from upstander.emergency.actions.briefs import add_page
from upstander.emergency.sheet import Said
from upstander.people.permissions import Permission, requires
from upstander.triage.actions.told_since import tell_team
from upstander.triage.whom import whom_of_newer
from upstander.ui.press import asking, refusal_told


@require_http_methods(["GET", "POST"])
@requires(Permission.WORK_TIPS)
@asking
def newer(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Send the teams that have a tip all that is newer than what any of them was told."""
    if request.method == "POST":
        seen = see(request, tip_id, UNSHOWN)
        text = as_text(lines_for(seen.behind()))
        if text:
            mentioned = whom_of_newer(request, seen.opened, text)
            with refusal_told(request):
                tell_team(seen.opened, text, mentioned=mentioned)
                messages.success(
                    request, gettext("The school’s team was told. Whoever has it is paged.")
                )
        else:
            messages.info(request, gettext("Nothing was sent: they were told all of it already."))
    return redirect("tip", tip_id=tip_id)


def tell_place(request: HttpRequest, tip_id: UUID, *, anew: bool = False) -> None:
    """Tell team and police the place that was written down just now.

    ``anew``: also where it is the one that they know, since somebody has read what came after it.
    What can't go yet (it may mean one of them) waits on the page, and is said to wait.
    """
    seen = see(request, tip_id, UNSHOWN)
    for line in _for_team(seen, anew=anew):
        try:
            tell_team(seen.opened, as_text([line]))
        except Refused as refused:
            messages.warning(
                request,
                gettext("The school’s team still has the older place: %(refused)s")
                % {"refused": refused},
            )
        else:
            messages.success(
                request, gettext("The school’s team was told: %(words)s.") % {"words": line.words}
            )
    for brief in seen.shown.briefs:
        lines = [one for one in brief.newer if one.key == "street"]
        if not lines:
            continue
        try:
            add_page(
                seen.opened,
                brief.id,
                for_police(lines),
                seen.facts.lines_away,
                seen.around,
                sheet_number=seen.shown.number,
                told=seen.facts.told,
            )
        except Refused as refused:
            messages.warning(
                request,
                gettext("%(team)s still has the older place: %(refused)s")
                % {"team": brief.team, "refused": refused},
            )
        else:
            messages.success(
                request, gettext("Police contacts were told too: %(team)s.") % {"team": brief.team}
            )


def _for_team(seen: Seen, *, anew: bool) -> list[Said]:
    return [one for one in lines_for(seen.behind(anew=anew)) if one.key == "street"]
