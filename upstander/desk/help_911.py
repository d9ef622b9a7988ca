"""The panel about 911 on the tip's page: where, what, now, who, and what somebody decides.

It stands only where the words have been opened, so nothing here orders a call unread.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from upstander.desk.newer import newer_than_judged, teams_behind
from upstander.desk.one_source import facts_of, places_around
from upstander.emergency.forms import CallForm
from upstander.emergency.queries import HelpSent
from upstander.emergency.sheet import Around
from upstander.escalations.actions.reading import READ_FIRST, not_now
from upstander.escalations.models import Task
from upstander.plug import gives, reads
from upstander.tips.models import Note
from upstander.tips.page import TipPage
from upstander.tips.states import TipState
from upstander.triage import shown


def read_911(page: TipPage) -> tuple[Around, Task | None]:
    """Find the places around the tip, and where somebody decided last that nobody calls."""
    last = not_now(page.tip_id)
    page.want([last.done_by] if last else [])
    return places_around(page.tip, page.contents), last


@reads(read_911)
@gives(
    "four",
    "place_written",
    "newer_words",
    "words_read",
    "place_is_new",
    "may_decide_911",
    "decided_911",
    "answered_911",
    "teams_behind",
    "newer_than_judged",
    "call_form",
)
def about_911(page: TipPage) -> dict[str, Any] | None:
    """Where, what, now and who, for a matter of life or where somebody is to be phoned."""
    life_safety = page.tip.rank == 0
    if not life_safety and not page.found["tasks"]:
        return None
    assessment = shown.assessment_panel(page.opened, page.found["judgement"].assessment)
    _school, standing = page.found["help_sent"]
    around, last = page.found["about_911"]
    facts = facts_of(page.opened, page.tip, page.contents, assessment, standing, around)
    told = facts.told.get("street")
    place_at = page.contents.answered.get("place", page.tip.received_at)
    place_at = max(place_at, told.at if told else place_at)
    asked = facts.place_asked
    asks = any(task.kind in READ_FIRST for task in page.found["tasks"])
    calls = any(
        task.kind == Task.Kind.CALL_911 and task.taken_by == page.me for task in page.found["tasks"]
    )
    decided = _decided(page, last, standing)
    last_said = max([page.tip.received_at, *(call.called_at for call in standing.calls)])
    return {
        "four": facts.four,
        # Given after the report, and after the last call: whoever folded the panel must see it.
        "place_is_new": bool(asked["place_written"])
        and (bool(asked["newer_words"]) or place_at > last_said),
        **asked,
        "newer_than_judged": newer_than_judged(facts, assessment),
        "teams_behind": teams_behind(facts, page.contents, page.tip, page.found["judgement"]),
        "call_form": CallForm() if calls else None,
        "may_decide_911": page.tip.state != TipState.CLOSED and (life_safety or asks),
        "decided_911": decided,
        # Somebody called or decided, and nothing since asks anew: to decide again steps back.
        "answered_911": bool(standing.called_911 or decided) and not asks,
    }


def _decided(page: TipPage, last: Task | None, standing: HelpSent) -> dict[str, Any] | None:
    """Who decided last that nobody calls, since when and why; a call after it takes its place."""
    if (
        last is None
        or last.done_at is None
        or any(call.at >= last.done_at and call.line != "other" for call in standing.calls)
    ):
        return None
    # The reason is a note of the same person and moment (``decide_911``).
    by = (Note.Kind.HELP, last.done_by, last.done_at)
    why = [one.text for one in page.contents.notes if (one.kind, one.person_id, one.at) == by]
    name = page.names.get(last.done_by or 0, gettext("A colleague"))
    return {"name": name, "at": last.done_at, "why": "".join(why[-1:])}
