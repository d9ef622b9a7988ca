"""The panel about 911 on the tip's page: where, what, now, who, and what somebody decides.

It stands only where the words have been opened, so nothing here orders a call unread.
"""

from __future__ import annotations

from typing import Any

from upstander.desk.one_source import facts_of, places_around
from upstander.dispatch.sheet import Around
from upstander.escalations.reading import READ_FIRST
from upstander.plug import gives, reads
from upstander.tips.page import TipPage
from upstander.tips.states import TipState
from upstander.triage import panel


def read_911(page: TipPage) -> Around:
    """Find the places around the tip."""
    return places_around(page.tip, page.contents)


@reads(read_911)
@gives("four", "place_written", "place_to_take", "words_read", "place_is_new", "may_decide_911")
def about_911(page: TipPage) -> dict[str, Any] | None:
    """Where, what, now and who, for a matter of life or where somebody is to be phoned."""
    life_safety = page.tip.rank == 0
    if not life_safety and not page.found["tasks"]:
        return None
    assessment = panel.assessment_panel(page.opened, page.found["judgement"].assessment)
    _school, standing = page.found["help_sent"]
    around: Around = page.found["about_911"]
    facts = facts_of(page.opened, page.tip, page.contents, assessment, standing, around)
    told = facts.told.get("street")
    place_at = page.contents.answered.get("place", page.tip.received_at)
    place_at = max(place_at, told.at if told else place_at)
    asked = facts.place_asked
    last_said = max([page.tip.received_at, *(call.called_at for call in standing.calls)])
    return {
        "four": facts.four,
        # Given after the report, and after the last call: whoever folded the panel must see it.
        "place_is_new": bool(asked["place_written"])
        and (bool(asked["place_to_take"]) or place_at > last_said),
        **asked,
        "may_decide_911": page.tip.state != TipState.CLOSED
        and (life_safety or any(task.kind in READ_FIRST for task in page.found["tasks"])),
    }
