"""What a team member does to a tip with one press. Each is a POST that ends on the tip's page."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from upstander.base.refused import Refused
from upstander.cases.views import CLOSING_TICKS, TEAM_PAGE, WROTE_MEANWHILE, read_to, typed
from upstander.decisions.actions import close_tip, need_asked
from upstander.decisions.dispositions import BY_KEY
from upstander.decisions.models import Closing
from upstander.people.scope import Viewer
from upstander.tips.actions.writing import add_note, add_reply, save_draft
from upstander.tips.opening import OpenTip, open_tip, read_contents
from upstander.tips.states import TipState
from upstander.triage.actions.handoff import ask_for_words, record_next_step, recuse, send_back
from upstander.triage.handed import home_safety, need_home_known


def _open_here(viewer: Viewer, tip_id: UUID, purpose: str) -> OpenTip:
    """Open a tip that is with the viewer's team now. Raises Refused, Http404, NotGranted."""
    opened = open_tip(viewer, tip_id, purpose=purpose)
    if opened.tip.state != TipState.HANDED_OFF:
        raise Refused(
            gettext("This tip is %(tipstate)s now. Reopen it before you continue.")
            % {"tipstate": TipState(opened.tip.state).label}
        )
    return opened


@TEAM_PAGE.act
def next_step(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Write down what is done next. A call home needs a second look unless home is safe."""
    opened = _open_here(viewer, tip_id, "next step")
    step, sure = request.POST.get("step", ""), request.POST.get("sure") == "yes"
    if (
        step == "family"
        and not sure
        and home_safety(opened, read_contents(opened).answers) != "yes"
    ):
        raise Refused(
            gettext(
                "Not saved: we don't know if home is safe. Tick that you understand this, or "
                "choose another step."
            )
        )
    record_next_step(opened, step, typed(request))
    messages.success(request, gettext("Saved. The center sees it too."))
    # To the top, where it says so and what comes next.
    return ""


@TEAM_PAGE.act
def reply(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Write to the reporter. What could not be sent is kept as a draft."""
    text = typed(request, anything=True)
    if not text.strip():
        raise Refused(gettext("There is nothing to send: the box is empty."))
    try:
        sent = add_reply(_open_here(viewer, tip_id, "reply"), text, read_to=read_to(request))
    except Refused:
        save_draft(open_tip(viewer, tip_id, purpose="draft"), "reply", text)
        raise
    messages.success(
        request, gettext("Sent. They will see it when they come back with their seven words.")
    )
    if sent.unread:
        messages.warning(request, WROTE_MEANWHILE)
    return "#talk"


@TEAM_PAGE.act
def note(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Keep a note for the team. The reporter never sees it, nor does the center."""
    text = typed(request)
    if not text.strip():
        raise Refused(gettext("There is nothing to save: the note is empty."))
    add_note(open_tip(viewer, tip_id, purpose="note"), text)
    messages.success(request, gettext("Saved."))
    return "#notes"


@TEAM_PAGE.act
def words(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Ask for what the reporter wrote before the hand-off; the reason stays in the notes."""
    ask_for_words(_open_here(viewer, tip_id, "ask for own words"), typed(request))
    messages.info(
        request,
        gettext(
            "Their words are shown below. Do not copy them: the wording can show who wrote them."
        ),
    )
    return "#talk"


@TEAM_PAGE.act
def back(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Send a tip back to the center: not our student."""
    send_back(_open_here(viewer, tip_id, "send back"), typed(request))
    messages.success(request, gettext("Sent back to the center, with your reason."))
    return "/team"


@TEAM_PAGE.act
def step_aside(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
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
    return "/team"


@TEAM_PAGE.act
def close(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Close a tip with how it ended and why."""
    ending, words = request.POST.get("disposition", ""), typed(request)
    opened = open_tip(viewer, tip_id, purpose="close")
    try:
        if ending not in BY_KEY or not words.strip():
            raise Refused(gettext("Choose how it ended, and say briefly what was done."))
        need_asked(opened, request.POST, read_to=read_to(request))
        need_home_known(opened, ending, request.POST)
        done = close_tip(opened, ending, words, read_to=read_to(request))
    except Refused as refused:
        # The form comes back as it was sent: choice, reason and ticks.
        ticked = [name for name in CLOSING_TICKS if name in request.POST]
        save_draft(opened, "closing", "\n".join([ending, " ".join(ticked), words]))
        raise Refused(
            gettext("Not closed. %(refused)s") % {"refused": refused},
            kept=gettext("What you chose and wrote is still in the form."),
        ) from None
    save_draft(opened, "closing", "")
    if isinstance(done, Closing):
        messages.success(
            request, gettext("Closed. The reporter will see a short message about it.")
        )
    else:
        messages.warning(
            request,
            gettext(
                "Not closed yet: a life may be in danger, so a second person on your team must "
                "agree within 10 minutes. Until then nothing changes."
            ),
        )
    return ""
