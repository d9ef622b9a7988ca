"""The team member's pages, made for a phone at two in the morning: a list, and one tip.

``/tips/<id>`` is the one address that is mailed; for staff of schools and districts it leads here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from upstander.cases.actions.newcomers import how_many_wait
from upstander.cases.queries import cases_of_tip
from upstander.cases.views import closing_kept
from upstander.decisions.actions import asks_first
from upstander.decisions.shown import endings_of
from upstander.desk.english import in_english
from upstander.desk.team_911 import team_911
from upstander.desk.team_panels import (
    ANSWERS,
    ENDINGS,
    OF_A_PLACE,
    OF_PLACES,
    STEPS,
    TeamRow,
    Teller,
    live_since,
    rows_of,
)
from upstander.emergency.queries import seen_by_team
from upstander.intake.priority import Priority
from upstander.mandated.actions.answers import suspicion_panel
from upstander.people.models import Membership
from upstander.people.permissions import Permission, requires, viewer_of
from upstander.people.scope import EVERY_NAME, Viewer, viewing
from upstander.places.models import School
from upstander.retention.tombstones import gone_at
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import drafts_of
from upstander.tips.adult_words import taken_down
from upstander.tips.models import Message, Recipient, Tip
from upstander.tips.opening import NotGranted, OpenTip, open_tip, read_contents
from upstander.tips.queries import history_of, names_in_record
from upstander.tips.shown import (
    answers_panel,
    dialog_panel,
    files_panel,
    history_panel,
    people_in,
)
from upstander.tips.states import TipState
from upstander.tips.times import zone_of
from upstander.triage.handed import home_safety

#: Closed tips that the list shows when asked.
CLOSED_LIMIT = 50


def _mine(state: TipState) -> QuerySet[Tip]:
    mine = Recipient.objects.filter(holder__in=EVERY_NAME).values("tip_id")
    return Tip.objects.filter(pk__in=mine, state=state)


def handed_tips() -> list[Tip]:
    """Return what was handed to the session's person or their team; call inside ``viewing``."""
    return list(_mine(TipState.HANDED_OFF))


@require_GET
@requires(Permission.WORK_AS_TEAM)
@in_english
def team_list(request: HttpRequest) -> HttpResponse:
    """List what was handed to the viewer or their team: life safety first, then what nobody has."""
    viewer = viewer_of(request)
    closed = request.GET.get("closed") == "1"
    with viewing(viewer):
        if closed:
            shown = list(_mine(TipState.CLOSED).order_by("-changed_at")[:CLOSED_LIMIT])
        else:
            shown = handed_tips()
        since, rows = live_since(), rows_of(viewer, shown)
        look_at = how_many_wait()
    return render(
        request,
        "desk/team.html",
        {
            "rows": rows,
            "since": since,
            "closed": closed,
            "joined": look_at,
            "waiting": sum(row.standing.needs_answer for row in rows),
            "several_schools": len({row.school for row in rows}) > 1,
        },
    )


@require_GET
@requires(Permission.WORK_AS_TEAM)
@in_english
def team_tip(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Show one tip to the team that it was handed to.

    A district's lead may know of a tip that was handed to a school without reading it: then only
    its state is shown, and nothing is opened. Raises Http404, Locked.
    """
    viewer = viewer_of(request)
    with viewing(viewer):
        tip = tip_for(viewer, tip_id)
        row = rows_of(viewer, [tip])[0]
        handed = Recipient.objects.filter(tip_id=tip.pk, holder__in=EVERY_NAME).exists()
    if not handed:
        return _state_only(request, row)
    try:
        opened = open_tip(viewer, tip_id)
    except NotGranted:
        with viewing(viewer):
            gone = gone_at(tip_id)
        return _state_only(request, row, gone)
    return render(request, "desk/team_tip.html", page_context(opened))


def _state_only(request: HttpRequest, row: TeamRow, gone: datetime | None = None) -> HttpResponse:
    shown = {"row": row, "answers": ANSWERS, "standing": row.standing, "gone": gone}
    return render(request, "desk/team_state.html", shown)


def page_context(opened: OpenTip) -> dict[str, Any]:
    """Return everything that the page shows of an opened tip."""
    viewer: Viewer = opened.viewer
    contents, endings = read_contents(opened), endings_of(opened)
    with viewing(viewer):
        # Read anew: an action may have changed it since it was opened.
        since, tip = live_since(), tip_for(viewer, opened.tip.pk)
        row = rows_of(viewer, [tip])[0]
        zone = zone_of(tip)
        school = School.objects.filter(pk=tip.school_id).first() if tip.school_id else None
        with_words = Recipient.objects.filter(
            tip_id=tip.pk, holder__in=EVERY_NAME, with_words=True
        ).exists()
        history = history_of(tip.pk)
        help_sent = seen_by_team(tip.pk)
        cases, asks = cases_of_tip(tip.pk), asks_first(tip)
        people = people_in(contents.turns, contents.notes, history) | endings.people
        names = names_in_record("tip", tip.pk, people)
        outside = Membership.objects.filter(person_id__in=people, team__center=None)
        own = set(outside.values_list("person_id", flat=True))
    reporters = (turn for turn in contents.turns if turn.author == Message.Author.REPORTER)
    came = (*reporters, *contents.files, *(one for one in history if one.actor_kind == "reporter"))
    teller = Teller(tip.priority, zone, own, [tip.received_at, *(one.at for one in came)])
    open_here = tip.state == TipState.HANDED_OFF
    life_safety = tip.priority == Priority.LIFE_SAFETY
    show_next = open_here and not row.standing.needs_answer
    drafts = {kind: _own(found, viewer.person_id) for kind, found in drafts_of(opened).items()}
    return {
        "tip": tip,
        "read_to": opened.tip.turns,
        "since": since,
        "row": row,
        "standing": row.standing,
        "answers": ANSWERS,
        "steps": OF_A_PLACE if tip.tile == OF_PLACES else STEPS,
        "steps_student": STEPS[1:3],
        "of_a_place": tip.tile == OF_PLACES,
        "school": school,
        "brief": teller.brief(contents.notes, names),
        "updates": teller.updates(contents.notes, names),
        "suspicion": suspicion_panel(opened),
        "home": home_safety(opened, contents.answers),
        # Who took it down is between them and the center.
        "turns": teller.dialog(
            dialog_panel(contents.turns, names, taken_down(tip, contents.answers, named=False))
        ),
        "form": answers_panel(contents.answers),
        "last_step": teller.last_step(contents.notes, names),
        "notes": teller.notes(contents.notes, names),
        "files": teller.files(files_panel(contents.files)),
        "history": teller.history(history_panel(history, names)),
        "help": help_sent,
        "about_911": team_911(contents, help_sent, zone),
        "may_search": tip.rank <= 1 and open_here,
        "with_words": with_words,
        "came_in": teller.when(tip.received_at),
        "proposal": endings.proposal,
        "proposer": names.get(endings.proposal.by, gettext("A colleague"))
        if endings.proposal
        else "",
        "endings_so_far": teller.endings(endings.endings, names),
        "endings": ENDINGS,
        "asks": asks,
        "life_safety": life_safety,
        "open_here": open_here,
        "closed": tip.state == TipState.CLOSED,
        "show_next": show_next,
        # Where the next step doesn't say them, help does: nobody looks for 911 while it happens.
        "lines_911": "desk/team/call_911.html"
        if open_here and (row.happening_now or life_safety) and not (show_next and life_safety)
        else "",
        "draft": drafts,
        "closing": closing_kept(drafts.get("closing", "")),
        "ended": tip.ended_by_reporter,
        "cases": cases,
    }


def _own(found: list[tuple[int, str]], person: int) -> str:
    return next((words for author, words in found if author == person), "")
