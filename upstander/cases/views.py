"""How a school's team opens a tip again, and the second person's word; what its pages share."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from upstander.base.refused import Refused
from upstander.cases.whom import ask_whom_of_team
from upstander.decisions.actions import decide, reopen_tip
from upstander.decisions.dispositions import BY_KEY
from upstander.people.permissions import Permission, requires, viewer_here
from upstander.people.scope import Viewer
from upstander.ui.fields import plain, said
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


#: Fields that take a name or another line.
_LINES = frozenset({"name", "who", "made_with", "clinician"})


def typed(request: HttpRequest, name: str = "text", *, anything: bool = False) -> str:
    """Return what was typed, with plain line ends. Raises Refused when it is too long.

    So it is where it says nothing ("%%%"), unless it may be ``anything``: somebody's own words, or
    where a life may hang on it.
    """
    text = plain(request.POST.get(name, ""))
    if len(text) > WORDS_LIMIT:
        raise Refused(
            gettext(
                "That is longer than %(words_limit)s characters, so nothing was saved. Split it "
                "in two."
            )
            % {"words_limit": f"{WORDS_LIMIT:,}"}
        )
    return text if anything else said(text, line=name in _LINES)


#: Said to whoever answered while the reporter was writing: it doesn't count as an answer to that.
WROTE_MEANWHILE = _(
    "The reporter wrote while you were replying. Your reply was sent. Read what is new: they are "
    "waiting."
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
    messages.success(
        request, gettext("Reopened, and you have it. How it ended stays in the record.")
    )
    return ""


@TEAM_PAGE.act
def opinion(request: HttpRequest, viewer: Viewer, tip_id: UUID, opinion_id: UUID) -> str:
    """Agree or refuse as the second person."""
    agree = request.POST.get("agree") == "yes"
    decided = decide(viewer, opinion_id, agree=agree)
    messages.success(
        request,
        gettext("You agreed. Closed as “%(by_key)s.”")
        % {"by_key": BY_KEY[decided.disposition].label}
        if agree
        else gettext("Declined. The tip stays open."),
    )
    return ""
