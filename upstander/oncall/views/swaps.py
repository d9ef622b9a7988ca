"""Asking a colleague to take a shift, and answering."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from upstander.base.refused import Refused
from upstander.oncall.access import own_team, schedule_of, swap_to_answer
from upstander.oncall.actions.swaps import answer_swap, ask_swap, withdraw_swap
from upstander.oncall.board import Turn, turns_of
from upstander.oncall.forms import SwapForm
from upstander.oncall.queries import plans
from upstander.oncall.reach import names_of, ringable
from upstander.oncall.views.common import AHEAD
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import viewing
from upstander.ui.press import refusal_on, refusal_told

_SAID = {
    "yes": gettext_lazy("The shift is yours now."),
    "no": gettext_lazy("Declined. They will be told."),
}


@require_http_methods(["GET", "POST"])
@requires(Permission.SEE_ON_CALL)
def ask(request: HttpRequest, team_id: int) -> HttpResponse:
    """Ask somebody to take one of my next shifts, perhaps for one of theirs."""
    viewer = viewer_of(request)
    with viewing(viewer) as now:
        team = own_team(viewer, team_id)
        schedule_of(team_id)
        plan = plans([team_id], now, now + AHEAD)[0]
        reached = ringable(plan.members)
        names = {pk: name for pk, name in names_of(plan.members).items() if pk in reached}
    until = now + AHEAD
    mine = turns_of(plan, viewer.person_id, now, until)
    theirs: list[tuple[str, object]] = []
    for person, name in names.items():
        if person != viewer.person_id:
            turns = turns_of(plan, person, now, until)[:8]
            theirs += [(f"{person}", _("%s, without a swap") % name)]
            theirs += [
                (
                    f"{person} {_key(t)}",
                    _("%(name)s, for %(shift)s") % {"name": name, "shift": t.words},
                )
                for t in turns
            ]
    form = SwapForm(
        [(_key(turn), turn.words) for turn in mine],
        theirs,
        request.POST if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        duty, start, end = _read(form.cleaned_data["mine"], now)
        person, _sep, wanted = form.cleaned_data["theirs"].partition(" ")
        takes = _read(wanted, now) if wanted else None
        with refusal_on(form):
            if takes is not None and takes[0] != duty:
                raise Refused(_("Swap a first call for a first call, or a backup for a backup."))
            ask_swap(
                viewer,
                team_id,
                duty=duty,
                taker_id=int(person),
                gives=(start, end),
                takes=takes[1:] if takes else None,
            )
            messages.success(request, _("Request sent. You stay on call until they say yes."))
            return redirect("oncall:overview")
    context = {
        "form": form,
        "team": team,
        "title": _("Ask for a swap"),
        "hint": _("They will be notified. Nothing changes until they say yes."),
        "send": _("Send request"),
        "nothing": "" if mine else _("You have no shift in the next three months."),
    }
    return render(request, "oncall/small_form.html", context)


@require_POST
@requires(Permission.SEE_ON_CALL)
def answer(request: HttpRequest, swap_id: UUID) -> HttpResponse:
    """Say yes or no to a swap, or take one's own question back."""
    viewer, said = viewer_of(request), request.POST.get("answer", "")
    with refusal_told(request):
        if said == "withdraw":
            withdraw_swap(viewer, swap_id)
            messages.success(request, _("Withdrawn."))
        elif said in _SAID:
            answer_swap(viewer, swap_id, accept=said == "yes")
            messages.success(request, _SAID[said])
        else:
            with viewing(viewer):
                swap_to_answer(viewer, swap_id)
            messages.error(request, _("Say yes or no."))
    return redirect("oncall:overview")


def _key(turn: Turn) -> str:
    """Name a shift in a form. What is left of a running one begins when it is asked about."""
    start = _RUNNING if turn.running else turn.start.isoformat()
    return f"{turn.duty}/{start}/{turn.end.isoformat()}"


def _read(key: str, now: datetime) -> tuple[str, datetime, datetime]:
    """Read the name of a shift that the form offered."""
    duty, start, end = key.split("/")
    begins = now if start == _RUNNING else datetime.fromisoformat(start)
    return duty, begins, datetime.fromisoformat(end)


_RUNNING = "running"
