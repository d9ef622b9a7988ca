"""This app's panels of the tip's page: how it stands, the judgement, the reply, what is related."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext

from upstander.base.languages import ENGLISH, language_of, looks_spanish
from upstander.carriers.interpreters import interpreters
from upstander.decisions.dispositions import OF_CASES
from upstander.escalations.actions.undone import left_undone
from upstander.escalations.models import Task
from upstander.intake.taxonomy import priority_floor
from upstander.plug import gives, reads
from upstander.tips.actions.not_see import matter_unsettled, waiting_with
from upstander.tips.models import Tip
from upstander.tips.page import TipPage
from upstander.tips.states import TipState
from upstander.tips.whom_form import LaterForm
from upstander.tips.whom_form import named as named_in
from upstander.triage import shown
from upstander.triage.actions import unanswered
from upstander.triage.alike import alike_tips
from upstander.triage.models import Assessment
from upstander.triage.queries import related_tips
from upstander.triage.rows import QueueRow, rows_for
from upstander.triage.said import judgements_of, said_of
from upstander.triage.shown import Judgement
from upstander.triage.together import same_as

#: What can be opened beside the dialog.
_BESIDE = ("assess", "handoff", "close")


def read_row(page: TipPage) -> QueueRow:
    """Find the tip as the queue shows it."""
    return rows_for([page.tip])[0]


@reads(read_row)
@gives(
    "row",
    "of_case",
    "links",
    "own",
    "may_claim",
    "may_take",
    "may_release",
    "may_assess",
    "may_hand_off",
    "may_close",
    "may_set_aside",
    "may_silence",
    "may_reopen",
)
def head(page: TipPage) -> dict[str, Any]:
    """How the tip stands, and what may be done now: nothing is offered that would be refused."""
    row: QueueRow = page.found["head"]
    own = row.owner_id == page.me
    with_counselor = row.state == TipState.CLAIMED
    return {
        "row": row,
        "of_case": OF_CASES.get(page.tip.in_case, ""),
        "links": {mode: f"/tips/{page.tip_id}/{mode}" for mode in _BESIDE},
        "own": own,
        "may_claim": row.claimable,
        "may_take": with_counselor and not own,
        "may_release": with_counselor and own,
        "may_assess": row.state != TipState.CLOSED,
        "may_hand_off": row.state in (TipState.CLAIMED, TipState.HANDED_OFF, TipState.RETURNED),
        "may_close": row.state in (TipState.CLAIMED, TipState.HANDED_OFF, TipState.RETURNED),
        # Nobody alone sets a life-safety tip aside: closing asks a second person.
        "may_set_aside": row.junk or row.rank > 0,
        # Set aside by its similarity alone it rings on, until a person says the same.
        "may_silence": row.junk and row.alert is not None and row.alert.open,
        "may_reopen": row.state == TipState.CLOSED,
    }


def read_same(page: TipPage) -> list[UUID]:
    """Find the tips in its words that wait, once somebody has it."""
    return same_as(page.tip, page.me) if page.tip.state == TipState.CLAIMED else []


@reads(read_same)
@gives("same")
def same(page: TipPage) -> dict[str, Any]:
    """How many more wait in the same words, and the first of them."""
    return {"same": page.found["same"]}


def read_judgement(page: TipPage) -> Judgement:
    """Find the sealed rows around the tip."""
    found = shown.judgement_on(page.tip_id, page.now)
    page.want(found.people)
    return found


def read_undone(page: TipPage) -> list[str]:
    """Find what about 911 and police is still to be done."""
    return left_undone(page.tip_id)


@reads(read_undone)
@gives("floor", "opinion", "closings", "undone")
def banner(page: TipPage) -> dict[str, Any]:
    """What must be seen first: a proposal that waits, how it ended, when to think of 911."""
    found: Judgement = page.found["judgement"]
    return {
        "undone": page.found["banner"],
        "floor": priority_floor(page.tip.tile, page.contents.answers),
        "opinion": shown.opinion_panel(page.opened, found.opinion, page.names),
        "closings": shown.closings_panel(page.opened, found, page.names),
    }


@reads(read_judgement)
@gives("assessment", "handoffs")
def judgement(page: TipPage) -> dict[str, Any]:
    """The latest assessment, and the hand-offs."""
    found: Judgement = page.found["judgement"]
    return {
        "assessment": shown.assessment_panel(page.opened, found.assessment, page.names),
        "handoffs": shown.handoffs_panel(found, page.names),
    }


def _looks_spanish(page: TipPage) -> bool:
    """Whether what was typed into an English page looks like Spanish, all of it together."""
    written = [turn.text for turn in page.contents.turns if turn.author == "reporter"]
    return page.tip.language == ENGLISH.code and looks_spanish(" ".join(written))


def read_reply(page: TipPage) -> str:
    """Find whom to call where the reporter writes in another language, or seems to."""
    english = page.tip.language == ENGLISH.code and not _looks_spanish(page)
    return "" if english else interpreters(page.tip.center_id)


@reads(read_reply)
@gives("may_write", "answered", "prompts", "spoken", "looks_spanish", "interpreter")
def reply(page: TipPage) -> dict[str, Any]:
    """Where one writes to the reporter, with what can be said by one key."""
    row: QueueRow = page.found["head"]
    found: Judgement = page.found["judgement"]
    assessment = shown.assessment_panel(page.opened, found.assessment)
    return {
        "may_write": row.state != TipState.CLAIMED or row.owner_id == page.me,
        # Whoever answers may not read it; English they do.
        "spoken": ""
        if page.tip.language == ENGLISH.code
        else language_of(page.tip.language).english,
        "looks_spanish": _looks_spanish(page),
        "interpreter": page.found["reply"],
        "answered": any(turn.author != "reporter" for turn in page.contents.turns),
        "prompts": shown.prompt_lists(
            talk=page.tip.to_talk,
            tile=page.tip.tile,
            category=assessment.category if assessment else "",
            answers=page.contents.answers,
            language=page.tip.language,
        ),
    }


def read_not_see(page: TipPage) -> tuple[list[Tip], list[Assessment]]:
    """Find which tips of its matter wait for that, and what counselors heard of this one."""
    waiting = waiting_with(page.tip) if matter_unsettled(page.tip.matter_id) else []
    judgements = judgements_of(page.tip_id) if page.tip.not_see else []
    page.want(one.person_id for one in judgements)
    return waiting, judgements


@reads(read_not_see)
@gives("not_see", "said", "said_by", "unsettled", "linked_waiting")
def not_see(page: TipPage) -> dict[str, Any]:
    """Who must not see it, the newest that was said first; and what of its matter waits for it."""
    waiting, judgements = page.found["not_see"]
    said = said_of(page.opened, page.contents, judgements, page.names)
    return {
        "not_see": said[0].words if said else "",
        "said": said,
        "said_by": (
            gettext("Must not see this, according to the reporter:")
            if said and not said[0].heard_by
            else gettext("Someone must not see this, as told to a counselor:")
        ),
        "unsettled": any(one.pk == page.tip_id for one in waiting),
        "linked_waiting": [one for one in waiting if one.pk != page.tip_id],
    }


def read_named(page: TipPage) -> Task | None:
    """Find the task that asks whom its hand-off's words mean."""
    return unanswered.asked(page.tip_id)


@reads(read_named)
@gives("whom_waits")
def named(page: TipPage) -> dict[str, Any]:
    """Who was passed by until that is answered; opens a transaction of its own if anybody was."""
    task: Task | None = page.found["named"]
    people, text = unanswered.of(page.opened) if task is not None else ([], "")
    form = LaterForm(QueryDict(), names=named_in(people, text))
    return {"whom_waits": {"form": form, "due_at": task.due_at} if task else None}


def read_related(page: TipPage) -> tuple[list[QueueRow], list[QueueRow]]:
    """Find the other tips of its matter, and those that may belong to it."""
    linked, alike = related_tips(page.tip), alike_tips(page.tip)
    rows = {row.id: row for row in rows_for([*linked, *alike])}
    return [rows[one.pk] for one in linked], [rows[one.pk] for one in alike]


@reads(read_related)
@gives("related", "alike")
def related(page: TipPage) -> dict[str, Any]:
    """The other tips of its matter; and those alike, to be linked without typing a reference.

    The template adds whom ``subjects`` found by name, which another panel has decrypted already.
    """
    linked, alike = page.found["related"]
    return {"related": linked, "alike": alike}
