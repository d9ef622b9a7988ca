"""For the walk over all addresses: police are asked for, and have a brief."""

from __future__ import annotations

from typing import Any

from tests.story import Owners, Story
from upstander.emergency.actions.briefs import hand_to_police
from upstander.emergency.actions.help import ask_for_police, record_call
from upstander.emergency.models import Call
from upstander.emergency.sheet import around_of
from upstander.tips.opening import open_tip


def things(story: Story) -> dict[str, Any]:
    """Ask a second person whether police are sent, hand them a brief, and write down a call."""
    viewer, cast = story.viewer(story.counselor), story.cast
    opened = open_tip(viewer, story.tip_id)
    asked = ask_for_police(opened, "A reason.")
    around = around_of(
        reference="",
        came_in=opened.at,
        center=story.place.center,
        district=story.place,
        school=getattr(cast, story.school),
    )
    brief = hand_to_police(
        open_tip(viewer, story.tip_id),
        cast.teams[f"{story.district}_police"].pk,
        "For police.",
        {},
        around,
        danger_now=True,
    )
    call = record_call(opened, {}, line=Call.Line.PSAP, police=False, danger_now=False)
    return {"request_id": asked.pk, "brief_id": brief.pk, "call_id": call.pk}


WHOSE: dict[str, Owners] = {"brief_id": lambda values: values["briefed"]}
