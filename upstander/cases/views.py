"""How a school's team opens a tip again, and the second person's word; what its pages share."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest

from upstander.base.refused import Refused
from upstander.cases.actions import decide, reopen_tip
from upstander.cases.dispositions import BY_KEY
from upstander.cases.whom import ask_whom_of_team
from upstander.places.permissions import Permission, requires, viewer_here
from upstander.places.scope import Viewer
from upstander.ui.press import Page

#: Longer than anybody types; the database refuses more.
WORDS_LIMIT = 20_000

#: A tip's page of the team that has it.
TEAM_PAGE = Page(
    guard=requires(Permission.WORK_AS_TEAM),
    key="tip_id",
    opens=viewer_here,
    home="/team/{}".format,
    first=ask_whom_of_team,
)


def typed(request: HttpRequest, name: str = "text") -> str:
    """Return what was typed, with plain line ends. Raises Refused when it is too long."""
    text = request.POST.get(name, "").replace("\r\n", "\n").replace("\0", "")
    if len(text) > WORDS_LIMIT:
        raise Refused(
            f"That is longer than {WORDS_LIMIT:,} characters, so nothing was kept: cut it in two."
        )
    return text


#: Said to whoever answered while the reporter was writing: it doesn't count as an answer to that.
WROTE_MEANWHILE = (
    "The reporter wrote while you were answering. Your reply went out; read what is new: they wait."
)


def read_to(request: HttpRequest) -> int | None:
    """Return up to which turn of the conversation the page with the form had it."""
    sent = request.POST.get("turns", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else None


#: What a closing asks first (``need_asked``), by the names of its ticks.
CLOSING_TICKS = ("unanswered", "unassessed", "undone", "sure")


class ClosingKept(NamedTuple):
    """A closing that was refused, as its form had it."""

    disposition: str
    ticked: list[str]
    words: str


def closing_kept(draft: str) -> ClosingKept:
    """Return what a team's page kept of a form that it refused."""
    disposition, ticked, words = [*draft.split("\n", 2), "", ""][:3]
    return ClosingKept(disposition, ticked.split(), words)


@TEAM_PAGE.act
def reopen(request: HttpRequest, viewer: Viewer, tip_id: UUID) -> str:
    """Open a closed tip again; whoever does so has it."""
    reopen_tip(viewer, tip_id)
    messages.success(request, "Open again, and you have it. How it ended stays in the record.")
    return ""


@TEAM_PAGE.act
def opinion(request: HttpRequest, viewer: Viewer, tip_id: UUID, opinion_id: UUID) -> str:
    """Agree or refuse as the second person."""
    agree = request.POST.get("agree") == "yes"
    decided = decide(viewer, opinion_id, agree=agree)
    messages.success(
        request,
        f"You agreed: closed as “{BY_KEY[decided.disposition].label}”."
        if agree
        else "Refused: the tip stays open as it was.",
    )
    return ""
