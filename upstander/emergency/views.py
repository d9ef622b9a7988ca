"""What is done to a tip's emergency with one press, and the page of a home address."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from upstander.base.refused import Refused
from upstander.cases.questioning import ask_questioned_about_911
from upstander.emergency.actions.help import (
    ask_for_police,
    confirm_help,
    decide_police,
    refuse_police,
)
from upstander.emergency.forms import HomeForm
from upstander.emergency.models import RosterOpening
from upstander.emergency.queries import roster_standing
from upstander.emergency.roster import find_student, open_home, openings_shown
from upstander.people.permissions import Permission, requires, viewer_here, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.opening import OpenTip, open_tip
from upstander.tips.queries import names_of
from upstander.ui.fields import said
from upstander.ui.press import Page, refusal_on

SHEET_PAGE = Page(
    guard=requires(Permission.WORK_TIPS),
    key="tip_id",
    opens=viewer_here,
    home="/tips/{}/911".format,
)


@SHEET_PAGE.act
def ask(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Ask a second person before police are sent."""
    opened, why = open_tip(viewer, tip_id, purpose="ask for police"), request.POST.get("why", "")
    ask_questioned_about_911(request, opened, why)
    ask_for_police(opened, why)
    messages.success(
        request, gettext("Asked. Supervisors are being notified, and the queue shows it.")
    )
    return "#police"


@SHEET_PAGE.act
def decide(request: HttpRequest, viewer: Viewer, tip_id: UUID, request_id: UUID) -> str:
    """Agree or refuse that police are sent, as the second person."""
    if request.POST.get("agree") == "yes":
        decided = decide_police(viewer, tip_id, request_id, agree=True)
    else:
        why = said(request.POST.get("why", ""))
        opened = open_tip(viewer, tip_id, purpose="no police")
        ask_questioned_about_911(request, opened, why)
        decided = refuse_police(opened, request_id, why)
    messages.success(
        request,
        gettext("Recorded: %(get_outcome_display)s.")
        % {"get_outcome_display": decided.get_outcome_display()},
    )
    # What was recorded stands at the top.
    return ""


@SHEET_PAGE.act
def arrived(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Say whether help arrived."""
    opened = open_tip(viewer, tip_id, purpose="help arrived")
    there, words = request.POST.get("arrived") == "yes", request.POST.get("words", "")
    ask_questioned_about_911(request, opened, words)
    confirm_help(opened, arrived=there, words=words)
    if there:
        messages.success(request, gettext("Recorded: help has arrived."))
        return ""
    messages.warning(request, gettext("Call again now. You will be asked again in three minutes."))
    return "#call"


@require_http_methods(["GET", "POST"])
@requires(Permission.OPEN_TIPS)
def home(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Find where one child lives. Who asks, for which tip and why stand on the record first."""
    viewer = viewer_of(request)
    opened = open_tip(viewer, tip_id, purpose="home address")
    form = HomeForm(request.POST if request.method == "POST" else None)
    context: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        with refusal_on(form):
            context = _looked_up(request, opened, form)
    with viewing(viewer):
        tip = tip_for(viewer, tip_id)
        rows = list(
            RosterOpening.objects.filter(tip_id=tip.pk, entry_id__isnull=False).order_by("-at")
        )
        names = names_of({row.person_id for row in rows})
        standing = roster_standing(tip)
    context |= {
        "form": form,
        "tip": tip,
        "standing": standing,
        "openings": [
            (one, names.get(one.person_id, gettext("A colleague")))
            for one in openings_shown(opened, rows)
        ],
        "center": viewer_of(request).kind == "center",
    }
    return render(request, "emergency/home.html", context)


def _looked_up(request: HttpRequest, opened: OpenTip, form: HomeForm) -> dict[str, object]:
    name, reason = form.cleaned_data["name"], form.cleaned_data["reason"]
    chosen = request.POST.get("entry", "")
    if chosen:
        try:
            entry = UUID(chosen)
        except ValueError:
            raise Refused(gettext("Choose one of the students.")) from None
        return {"home": open_home(opened, entry, name, reason)}
    found = find_student(opened, name, reason)
    if len(found) == 1:
        return {"home": open_home(opened, found[0].entry_id, name, reason)}
    return {"found": found, "searched": True}
