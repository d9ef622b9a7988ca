"""What a counselor does to a tip with one press. Each is a POST that ends on the tip's page.

What can be read stays the page's business; whatever was typed and could not be sent is kept as a
draft, so that no refusal costs anybody their words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
)
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from upstander.base.refused import Refused
from upstander.cases.views import WROTE_MEANWHILE, read_to
from upstander.decisions.actions import decide, reopen_tip
from upstander.intake.priority import Priority
from upstander.people.permissions import Permission, requires, viewer_here, viewer_of
from upstander.people.scope import Viewer, viewing
from upstander.places.law import law_of
from upstander.tips.access import tip_for
from upstander.tips.actions.not_see import waiting_with
from upstander.tips.actions.quarantine import quarantine_attachment
from upstander.tips.actions.writing import add_note, add_reply, save_draft
from upstander.tips.models import Tip
from upstander.tips.opening import NotGranted, OpenTip, open_tip
from upstander.tips.queries import names_of
from upstander.tips.states import WAITING_STATES, TipState
from upstander.tips.whom_form import LaterForm, named
from upstander.triage.actions import unanswered
from upstander.triage.actions.alike import claim_alike
from upstander.triage.actions.handoff import exclude_people, recuse
from upstander.triage.actions.work import (
    AlreadyClaimed,
    claim_tip,
    link_tips,
    mark_junk,
    release_tip,
    take_over,
)
from upstander.triage.forms import WORDS_LIMIT, AssessForm
from upstander.triage.handed import handed_with
from upstander.triage.queries import tip_by_reference
from upstander.triage.shown import prompt_text
from upstander.triage.suggestions import suggest_priority
from upstander.triage.whom import ask_whom
from upstander.ui.fields import plain
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
    return _claimed(request, viewer, tip_id, claim_tip)


@TIP_PAGE.act
def claim_with(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Take the first of tips that are alike, and hold the next of them."""
    return _claimed(request, viewer, tip_id, claim_alike)


def _claimed(
    request: HttpRequest, viewer: Viewer, tip_id: UUID, take: Callable[[Viewer, UUID], object]
) -> str:
    try:
        take(viewer, tip_id)
    except AlreadyClaimed as first:
        messages.warning(
            request,
            gettext("%(name)s already took this tip.") % {"name": _name(viewer, first.person_id)},
        )
        return "/queue" if request.POST.get("from") == "queue" else ""
    return "#reply"


@TIP_PAGE.act
def answer_named(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Say whether a hand-off's words are about whom they may mean: kept out, or let in and rung."""
    opened = open_tip(viewer, tip_id, purpose="restrict")
    people, text = unanswered.of(opened)
    form = LaterForm(request.POST, names=named(people, text))
    if people and not form.out() and not form.mentioned():
        raise Refused(gettext("Say whether it is about them."))
    if form.out():
        exclude_people(opened, form.out())
    unanswered.answer(opened, form.mentioned(), form.out())
    messages.success(request, gettext("Saved, with your name."))
    return ""


@TIP_PAGE.act
def take(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Take a tip over from a colleague, with the reason."""
    take_over(open_tip(viewer, tip_id, purpose="take over"), request.POST.get("text", ""))
    messages.success(request, gettext("You have this tip now. Your reason is in the notes."))
    return "#reply"


@TIP_PAGE.act
def release(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Put a tip back on the queue."""
    release_tip(viewer, tip_id)
    messages.success(request, gettext("It is back in the queue. Your draft is saved."))
    return "/queue"


@TIP_PAGE.act
def aside(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Step aside from a matter for good: it can't be undone by oneself."""
    if request.POST.get("sure") != "yes":
        raise Refused(
            gettext(
                "Tick the box to confirm that you will not see this matter again, then press the "
                "button again."
            )
        )
    recuse(viewer, tip_id)
    messages.success(
        request, gettext("You have stepped aside from this matter. The others have it.")
    )
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
        raise Refused(gettext("There is nothing to send: the box is empty."))
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
                gettext(
                    "%(name)s already took this tip. Nothing was sent; your text is saved as a "
                    "draft."
                )
                % {"name": _name(viewer, first.person_id)}
            ) from first
    elif tip.state == TipState.CLAIMED and tip.claimed_by != viewer.person_id:
        raise Refused(
            gettext(
                "%(name)s has this tip. Nothing was sent; your text is saved as a draft. To reply "
                "yourself, take over the tip."
            )
            % {"name": _name(viewer, tip.claimed_by)}
        )


@TIP_PAGE.act
def note(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Keep an internal note."""
    text = _typed(request)
    if not text.strip():
        raise Refused(gettext("There is nothing to save: the note is empty."))
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
    try:
        opened = open_tip(viewer, tip_id, purpose="draft")
        save_draft(opened, kind, _typed(request), since=request.POST.get("since", ""))
    except (Refused, NotGranted):
        return JsonResponse({"kept": False}, status=409)
    return JsonResponse({"kept": True})


@TIP_PAGE.act
def junk(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Set a tip aside as junk, or take it back."""
    wanted = request.POST.get("junk") == "yes"
    with viewing(viewer):
        if not wanted and not tip_for(viewer, tip_id).junk:
            raise Refused(gettext("This tip was not set aside. It is in the queue as before."))
    mark_junk(viewer, tip_id, junk=wanted)
    messages.success(
        request,
        gettext("Set aside. It is at the end of the queue.")
        if wanted
        else gettext("Returned to the queue."),
    )
    return ""


@TIP_PAGE.act
def link(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Say that a tip is about the same matter as another, named by its reference."""
    with viewing(viewer):
        tip_for(viewer, tip_id)
        other = tip_by_reference(request.POST.get("reference", ""))
    if other is None:
        raise Refused(
            gettext("There is no such tip that you may see. References look like 7KQ2-M9XD.")
        )
    if other.pk == tip_id:
        raise Refused(gettext("That is this tip’s own reference."))
    link_tips(viewer, tip_id, other.pk)
    with viewing(viewer):
        tip = tip_for(viewer, tip_id)
        waiting, out = waiting_with(tip), handed_with(tip)
    if waiting and out:
        messages.warning(
            request,
            gettext(
                "%(references)s is already with a school, which keeps what it has: the person who "
                "must not see %(references_2)s may be reading it. Settle this now. Until you do, "
                "nothing more in this matter goes to anyone."
            )
            % {"references": _references(out), "references_2": _references(waiting)},
        )
    messages.success(
        request,
        gettext("Linked to %(reference)s. Each reporter still gets replies.")
        % {"reference": other.reference},
    )
    return "#related"


@TIP_PAGE.act
def opinion(request: HttpRequest, viewer: Viewer, tip_id: UUID, opinion_id: UUID) -> str:
    """Agree or refuse as the second person."""
    decided = decide(viewer, opinion_id, agree=request.POST.get("agree") == "yes")
    messages.success(
        request,
        gettext("Recorded: %(get_state_display)s.")
        % {"get_state_display": decided.get_state_display()},
    )
    return ""


@TIP_PAGE.act
def reopen(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Open a closed tip again."""
    reopen_tip(viewer, tip_id)
    messages.success(request, gettext("Reopened. How it was closed stays in the record."))
    return ""


@TIP_PAGE.act
def quarantine(request: HttpRequest, viewer: Viewer, tip_id: UUID, file_id: UUID) -> str:
    """Shut a file away for good."""
    opened = open_tip(viewer, tip_id, purpose="shut a file away")
    quarantine_attachment(opened, file_id)
    with viewing(viewer):
        whom = law_of(opened.tip.district_id).duties.phone_within
    messages.warning(
        request,
        gettext(
            "Quarantined: nobody can open it, and no school's key can. If it shows a child "
            "sexually, don't describe or copy it. You must report it now: to police, to the "
            "federal CyberTipline, and, if the child is known, to %(whom)s."
        )
        % {"whom": whom},
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
    return plain(request.POST.get("text", ""))


def _short_enough(text: str) -> str:
    if len(text) > WORDS_LIMIT:
        raise Refused(
            gettext(
                "That is longer than %(words_limit)s characters. Nothing was sent; it is saved as "
                "a draft. Split it in two."
            )
            % {"words_limit": f"{WORDS_LIMIT:,}"}
        )
    return text


def _name(viewer: Viewer, person_id: int | None) -> str:
    with viewing(viewer):
        return names_of([person_id]).get(person_id or 0, gettext("A colleague"))
