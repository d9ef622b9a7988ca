"""A life-safety tip with the counselor who has it, as most tests here begin."""

from __future__ import annotations

from uuid import UUID

from conftest import Cast
from upstander.emergency.actions.help import decide_police
from upstander.emergency.models import PoliceRequest
from upstander.emergency.sheet import Around, around_of
from upstander.people.scope import viewing
from upstander.tips import reporter
from upstander.tips.access import tip_for
from upstander.tips.opening import OpenTip, open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip

LINES = {"street": "12 Orchard Lane", "what": "A worry about tonight.", "now": "no"}
WORDS = "Only the reporter wrote this."


def a_tip(cast: Cast, *, school: str = "cedar", tile: str = "suicide", when: str = "soon") -> UUID:
    """File a tip: life safety unless the tile says otherwise."""
    return reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=WORDS,
            language="en",
            tile=tile,
            answers={"when": when},
            school_id=getattr(cast, school).pk,
        )
    ).tip_id


def claimed(cast: Cast, name: str = "alice", **more: str) -> OpenTip:
    """File a tip, claim it, open it."""
    tip_id = a_tip(cast, **more)
    viewer = cast.viewer(name)
    claim_tip(viewer, tip_id)
    return open_tip(viewer, tip_id)


def again(cast: Cast, opened: OpenTip, name: str) -> OpenTip:
    """Open the same tip as somebody else."""
    return open_tip(cast.viewer(name), opened.tip.pk)


def handed(cast: Cast, opened: OpenTip, *teams: str) -> None:
    """Hand a tip to teams."""
    hand_off(opened, [cast.teams[team].pk for team in teams], "A brief.")


def around(cast: Cast, opened: OpenTip) -> Around:
    """Return what the places say for the tip."""
    with viewing(opened.viewer):
        tip = tip_for(opened.viewer, opened.tip.pk)
        return around_of(
            reference=tip.reference,
            came_in=tip.received_at,
            center=cast.center,
            district=cast.maple,
            school=cast.cedar,
        )


def read_and_agree(cast: Cast, who: str, request: PoliceRequest) -> None:
    """Agree as the second person that police are sent, having opened the tip since."""
    open_tip(cast.viewer(who), request.tip)
    decide_police(cast.viewer(who), request.tip, request.pk, agree=True)
