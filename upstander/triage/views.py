"""What a counselor does to a tip with one press. Each is a POST that ends on the tip's page.

What can be read stays the page's business; whatever was typed and could not be sent is kept as a
draft, so that no refusal costs anybody their words.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import render
from django.views.decorators.http import require_POST

from upstander.base.refused import Refused
from upstander.cases.actions import decide, reopen_tip
from upstander.cases.views import WROTE_MEANWHILE, read_to
from upstander.places.permissions import Permission, requires, viewer_here, viewer_of
from upstander.places.priority import Priority
from upstander.places.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.actions import add_note, add_reply, save_draft
from upstander.tips.models import Tip
from upstander.tips.not_see import waiting_with
from upstander.tips.opening import NotGranted, OpenTip, open_tip
from upstander.tips.quarantine import quarantine_attachment
from upstander.tips.queries import names_of, sent_since
from upstander.tips.states import WAITING_STATES, TipState
from upstander.triage.actions import (
    AlreadyClaimed,
    claim_tip,
    link_tips,
    mark_junk,
    release_tip,
    take_over,
)
from upstander.triage.forms import WORDS_LIMIT, AssessForm
from upstander.triage.handed import handed_with
from upstander.triage.handoff import recuse
from upstander.triage.panel import prompt_text
from upstander.triage.queries import tip_by_reference
from upstander.triage.suggestions import suggest_priority
from upstander.triage.whom import ask_whom
from upstander.ui.press import Page

#: The tip's page of the center. What a refusal leaves behind of one's words is a draft.
TIP_PAGE = Page(
    guard=requires(Permission.WORK_TIPS),
    key="tip_id",
    opens=viewer_here,
    home="/tips/{}".format,
    first=ask_whom,
)


@TIP_PAGE.act
def claim(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Take a tip. Of two who press at once one wins, and the other reads who."""
    try:
        claim_tip(viewer, tip_id)
    except AlreadyClaimed as first:
        messages.warning(request, f"{_name(viewer, first.person_id)} was first and has this tip.")
        return "/queue" if request.POST.get("from") == "queue" else ""
    return "#reply"


@TIP_PAGE.act
def take(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Take a tip over from a colleague, with the reason."""
    take_over(open_tip(viewer, tip_id, purpose="take over"), request.POST.get("text", ""))
    messages.success(request, "You have this tip now. The reason stands in the notes.")
    return "#reply"


@TIP_PAGE.act
def release(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Put a tip back on the queue."""
    release_tip(viewer, tip_id)
    messages.success(request, "It waits on the queue again. What you began to write is kept.")
    return "/queue"


@TIP_PAGE.act
def aside(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Step aside from a matter for good: it can't be undone by oneself."""
    if request.POST.get("sure") != "yes":
        raise Refused("Tick that you will not see this matter again, then press once more.")
    recuse(viewer, tip_id)
    messages.success(request, "You are out of this matter. The others have it.")
    return "/queue"


@TIP_PAGE.act
def reply(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Write to the reporter; or put a prompt into the box, which sends nothing.

    Answering a tip that nobody has claims it. While a colleague has it, nothing is sent.
    """
    text, insert = _typed(request), request.POST.get("insert", "")
    opened = open_tip(viewer, tip_id, purpose="reply")
    if insert:
        prompt = prompt_text(insert, opened.tip.language)
        save_draft(opened, "reply", f"{text.rstrip()}\n{prompt}".strip())
        return "#reply"
    if not text.strip():
        raise Refused("There is nothing to send: the box is empty.")
    try:
        _take_if_free(opened)
        sent = add_reply(opened, _short_enough(text), read_to=read_to(request))
    except Refused:
        save_draft(opened, "reply", text)
        raise
    if sent.unread:
        messages.warning(request, WROTE_MEANWHILE)
    return "#reply"


def _take_if_free(opened: OpenTip) -> None:
    tip, viewer = opened.tip, opened.viewer
    if tip.state == TipState.CLOSED:
        reopen_tip(viewer, tip.pk)
    elif tip.state in WAITING_STATES:
        try:
            claim_tip(viewer, tip.pk)
        except AlreadyClaimed as first:
            raise Refused(
                f"{_name(viewer, first.person_id)} was first and has this tip. Nothing was sent; "
                "your words are kept as a draft."
            ) from first
    elif tip.state == TipState.CLAIMED and tip.claimed_by != viewer.person_id:
        raise Refused(
            f"{_name(viewer, tip.claimed_by)} has this tip. Nothing was sent; your words are kept "
            "as a draft. To answer yourself, take the tip over."
        )


@TIP_PAGE.act
def note(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Keep an internal note."""
    text = _typed(request)
    if not text.strip():
        raise Refused("There is nothing to keep: the note is empty.")
    opened = open_tip(viewer, tip_id, purpose="note")
    try:
        add_note(opened, _short_enough(text))
    except Refused:
        save_draft(opened, "note", text)
        raise
    return "#notes"


@require_POST
@requires(Permission.WORK_TIPS)
def draft(request: HttpRequest, tip_id: UUID) -> HttpResponseBase:
    """Keep what is being written, sealed, while it is being written. Answers ``{"kept": true}``."""
    viewer, kind = viewer_of(request), request.POST.get("kind", "")
    if sent_since(viewer, tip_id, kind, request.POST.get("since", "")):
        # A late save of what has been sent meanwhile: it must not come back as a draft.
        return JsonResponse({"kept": True})
    try:
        opened = open_tip(viewer, tip_id, purpose="draft")
        save_draft(opened, kind, _typed(request))
    except (Refused, NotGranted):
        return JsonResponse({"kept": False}, status=409)
    return JsonResponse({"kept": True})


@TIP_PAGE.act
def junk(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Set a tip aside as junk, or take it back."""
    wanted = request.POST.get("junk") == "yes"
    with viewing(viewer):
        if not wanted and not tip_for(viewer, tip_id).junk:
            raise Refused("This tip was not set aside: it stands on the queue as before.")
    mark_junk(viewer, tip_id, junk=wanted)
    messages.success(
        request,
        "Set aside: it stands at the end of the queue." if wanted else "Taken back onto the queue.",
    )
    return ""


@TIP_PAGE.act
def link(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Say that a tip is about the same matter as another, named by its reference."""
    with viewing(viewer):
        tip_for(viewer, tip_id)
        other = tip_by_reference(request.POST.get("reference", ""))
    if other is None:
        raise Refused("There is no such tip that you may see. References look like 7KQ2-M9XD.")
    if other.pk == tip_id:
        raise Refused("That is the reference of this tip itself.")
    link_tips(viewer, tip_id, other.pk)
    with viewing(viewer):
        tip = tip_for(viewer, tip_id)
        waiting, out = waiting_with(tip), handed_with(tip)
    if waiting and out:
        messages.warning(
            request,
            f"{_references(out)} is with a school already, and what it has it keeps: whoever must "
            f"not see {_references(waiting)} may be reading it. Settle that now. Until you have, "
            "nothing more of this matter goes to anybody.",
        )
    messages.success(request, f"Linked to {other.reference}. Each reporter still gets answers.")
    return "#related"


@TIP_PAGE.act
def opinion(request: HttpRequest, viewer: Viewer, tip_id: UUID, opinion_id: UUID) -> str:
    """Agree or refuse as the second person."""
    decided = decide(viewer, opinion_id, agree=request.POST.get("agree") == "yes")
    messages.success(request, f"Kept in the record: {decided.get_state_display()}.")
    return ""


@TIP_PAGE.act
def reopen(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Open a closed tip again."""
    reopen_tip(viewer, tip_id)
    messages.success(request, "Open again. How it had been closed stays in the record.")
    return ""


@TIP_PAGE.act
def quarantine(request: HttpRequest, viewer: Viewer, tip_id: UUID, file_id: UUID) -> str:
    """Shut a file away for good."""
    quarantine_attachment(open_tip(viewer, tip_id, purpose="shut a file away"), file_id)
    messages.warning(
        request,
        "Shut away: nobody can open it, and no school's key does. If it shows a child sexually, "
        "don't describe or copy it. You must report it now: to police, to the federal "
        "CyberTipline, and if the child is known to the Careline, 1-800-842-2288, within 12 hours.",
    )
    return "#files"


@require_POST
@requires(Permission.WORK_TIPS)
def suggest(request: HttpRequest) -> HttpResponse:
    """Show what follows from what is ticked so far. Reads no tip and keeps nothing."""
    form = AssessForm(request.POST, tile=request.POST.get("tile", ""))
    form.is_valid()
    floor = request.POST.get("floor", "")
    suggestion = suggest_priority(
        form.record(),
        category=form.cleaned_data.get("category", ""),
        floor=Priority(floor) if floor in list(Priority) else Priority.ROUTINE,
    )
    return render(request, "triage/suggestion.html", {"suggestion": suggestion})


def _references(tips: Iterable[Tip]) -> str:
    return ", ".join(one.reference for one in tips)


def _typed(request: HttpRequest) -> str:
    return request.POST.get("text", "").replace("\r\n", "\n")


def _short_enough(text: str) -> str:
    if len(text) > WORDS_LIMIT:
        raise Refused(
            f"That is longer than {WORDS_LIMIT:,} characters. Nothing was sent; it is kept as a "
            "draft: cut it in two."
        )
    return text


def _name(viewer: Viewer, person_id: int | None) -> str:
    with viewing(viewer):
        return names_of([person_id]).get(person_id or 0, "A colleague")
