"""The tip's page at the center: the dialog beside the judgement, on which everything is done.

The panels are named here, one line each; what each shows is its own app's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.views.decorators.http import require_GET

from upstander.cases.dispositions import OF_CASES
from upstander.dispatch.panel import dispatch_panel
from upstander.dispatch.queries import standing_of
from upstander.escalations.panel import alert_panel, people_of
from upstander.escalations.queries import alert_states
from upstander.escalations.task_panel import open_tasks, show_tasks
from upstander.mandated.answers import suspicion_panel
from upstander.places.models import School
from upstander.places.permissions import Permission, requires, viewer_of
from upstander.places.roles import TeamKind
from upstander.places.scope import Viewer, viewing
from upstander.places.taxonomy import TILES_BY_KEY, priority_floor
from upstander.retention.tombstones import gone_at
from upstander.tips.access import tip_for
from upstander.tips.actions import drafts_of
from upstander.tips.opening import Contents, NotGranted, OpenTip, open_tip, read_contents
from upstander.tips.panel import (
    answers_panel,
    dialog_panel,
    files_panel,
    history_panel,
    notes_panel,
    people_in,
)
from upstander.tips.queries import history_of, names_of
from upstander.tips.states import TipState
from upstander.tips.subjects_panel import subjects_panel
from upstander.triage import panel
from upstander.triage.bars import pass_barred_by
from upstander.triage.queries import QueueRow, related_tips, rows_for

#: What a draft is called where a colleague left one.
DRAFT_WORDS = {"reply": "a reply", "note": "a note", "brief": "a brief", "assessment": ""}


@require_GET
@requires(Permission.OPEN_TIPS)
def tip_page(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Show a tip to the center's staff; a school's team has a page of its own for it."""
    viewer = viewer_of(request)
    if viewer.kind is not TeamKind.CENTER:
        if not is_valid_path(f"/team/{tip_id}"):
            raise Http404
        return redirect(f"/team/{tip_id}")
    return _opened_page(request, tip_id, purpose="read")


@require_GET
@requires(Permission.WORK_TIPS)
def parts(request: HttpRequest, tip_id: UUID) -> HttpResponse:
    """Give the panels alone, for a page that is open while the tip changes.

    What is being typed and the forms are not among them, so nothing is lost by a refresh.
    """
    return _opened_page(request, tip_id, purpose="refresh", template="desk/tip_parts.html")


def _opened_page(
    request: HttpRequest, tip_id: UUID, *, purpose: str, template: str = "desk/tip.html"
) -> HttpResponse:
    viewer = viewer_of(request)
    try:
        opened = open_tip(viewer, tip_id, purpose=purpose)
    except NotGranted:
        return not_granted(request, viewer, tip_id)
    pass_barred_by(opened)
    return show(request, opened, template=template)


def show(
    request: HttpRequest,
    opened: OpenTip,
    *,
    template: str = "desk/tip.html",
    mode: str = "",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Show an opened tip's page; ``mode`` names the form beside the dialog. Raises Http404."""
    return render(request, template, page_context(opened) | {"mode": mode} | dict(more or {}))


def not_granted(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> HttpResponse:
    """Say that this tip was granted to others, or has gone: its line may be seen, no word of it."""
    with viewing(viewer):
        row = rows_for([tip_for(viewer, tip_id)])[0]
        gone = gone_at(tip_id)
    return render(request, "desk/not_granted.html", {"row": row, "gone": gone}, status=403)


def page_context(opened: OpenTip) -> dict[str, Any]:
    """Return everything that the page shows of an opened tip."""
    contents = read_contents(opened)
    drafts = drafts_of(opened)
    viewer = opened.viewer
    with viewing(viewer) as now:
        # Read anew: an action may have changed it since it was opened.
        tip = tip_for(viewer, opened.tip.pk)
        row = rows_for([tip])[0]
        judgement = panel.judgement_on(tip.pk, now)
        alert = alert_states([tip.pk]).get(tip.pk)
        tasks = open_tasks([tip.pk])
        history = history_of(tip.pk)
        related = rows_for(related_tips(tip))
        school = School.objects.filter(pk=tip.school_id).first() if tip.school_id else None
        help_sent = standing_of(tip, now)
        names = names_of(
            people_in(contents.turns, contents.notes, history)
            | help_sent.people
            | judgement.people
            | {person for found in drafts.values() for person, _ in found}
            | (people_of(alert.alert_id) if alert else set())
            | {task.taken_by for task in tasks}
        )
        alert_shown = alert_panel(alert.alert_id, names, me=viewer.person_id) if alert else None
        tasks_shown = show_tasks(tasks, names, me=viewer.person_id)
    assessment = panel.assessment_panel(opened, judgement.assessment, names)
    category = assessment.category if assessment else ""
    answers = contents.answers
    return {
        "tip": tip,
        "read_to": opened.tip.turns,
        "row": row,
        "now": now,
        "me": viewer.person_id,
        "of_case": OF_CASES.get(tip.disposition, ""),
        "school": school,
        "floor": priority_floor(tip.tile, answers),
        "tile": TILES_BY_KEY.get(tip.tile),
        "suspicion": suspicion_panel(opened),
        "answers": answers_panel(answers),
        "not_see": answers.get("not_see", ""),
        "home_safe": answers.get("home_safe", ""),
        "turns": dialog_panel(contents.turns, names),
        "notes": notes_panel(contents.notes, names),
        "files": files_panel(contents.files),
        "subjects": subjects_panel(opened),
        "history": history_panel(history, names),
        "related": related,
        "assessment": assessment,
        "opinion": panel.opinion_panel(opened, judgement.opinion, names),
        "alert": alert_shown,
        "tasks": tasks_shown,
        "links": {
            mode: f"/tips/{tip.pk}/{mode}" for mode in ("assess", "handoff", "close", "keep-out")
        },
        "handoffs": panel.handoffs_panel(judgement, names),
        "closings": panel.closings_panel(opened, judgement.closings, names),
        "prompts": panel.prompt_lists(
            tile=tip.tile, category=category, answers=answers, language=tip.language
        ),
        "help": dispatch_panel(opened, help_sent, names),
        "own_draft": {kind: _own(found, viewer.person_id) for kind, found in drafts.items()},
        "others_drafts": _others(drafts, names, viewer.person_id),
        **_rights(row, viewer, contents),
    }


def _own(found: list[tuple[int, str]], person: int) -> str:
    return next((words for author, words in found if author == person), "")


def _others(
    drafts: Mapping[str, list[tuple[int, str]]], names: Mapping[int, str], person: int
) -> list[dict[str, str]]:
    """Return what colleagues have begun to write, with their names: a new owner goes on from it."""
    return [
        {
            "kind": kind,
            "what": DRAFT_WORDS[kind],
            "name": names.get(author, "A colleague"),
            "text": words,
        }
        for kind, found in drafts.items()
        if DRAFT_WORDS.get(kind)
        for author, words in found
        if author != person
    ]


def _rights(row: QueueRow, viewer: Viewer, contents: Contents) -> dict[str, Any]:
    """Return what may be done now, so that the page offers nothing that would be refused."""
    own = row.owner_id == viewer.person_id
    with_counselor = row.state == TipState.CLAIMED
    return {
        "own": own,
        "may_claim": row.claimable,
        "may_take": with_counselor and not own,
        "may_release": with_counselor and own,
        "may_write": not (with_counselor and not own),
        "may_assess": row.state != TipState.CLOSED,
        "may_hand_off": row.state in (TipState.CLAIMED, TipState.HANDED_OFF, TipState.RETURNED),
        "may_close": row.state in (TipState.CLAIMED, TipState.HANDED_OFF, TipState.RETURNED),
        # Nobody alone sets a life-safety tip aside: closing asks a second person.
        "may_set_aside": row.junk or row.rank > 0,
        # Set aside by its likeness alone it rings on, until a person says the same.
        "may_silence": row.junk and row.alert is not None and row.alert.open,
        "may_reopen": row.state == TipState.CLOSED,
        "answered": any(turn.author != "reporter" for turn in contents.turns),
    }
