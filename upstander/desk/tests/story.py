"""A tip that has been handed to a school, for the tests of the team's pages."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from conftest import Cast
from upstander.cases.tests.story import read_and_agree
from upstander.decisions.actions import close_tip
from upstander.decisions.models import SecondOpinion
from upstander.tips import reporter
from upstander.tips.models import Tip
from upstander.tips.opening import open_tip
from upstander.triage.actions.handoff import hand_off
from upstander.triage.actions.work import claim_tip


@dataclass(frozen=True)
class Handed:
    """What the test knows of the tip that was handed off."""

    tip_id: UUID
    reference: str
    text: str
    brief: str
    code: str
    session_token: str


def handed_off(
    cast: Cast,
    *,
    tile: str = "suicide",
    teams: tuple[str, ...] = ("cedar",),
    text: str = "My friend wrote that she wants to be gone by tonight.",
    brief: str = "A student may hurt herself today. She was last seen near the library.",
    **answers: str,
) -> Handed:
    """File a tip, claim it as Alice and hand it to teams of Maple Valley."""
    filed = reporter.file_tip(
        reporter.NewTip(
            token=reporter.new_form_token(),
            text=text,
            language="en",
            tile=tile,
            answers={"who": "someone", "when": "soon"} | answers,
            school_id=cast.cedar.pk,
        )
    )
    alice = cast.viewer("alice")
    claim_tip(alice, filed.tip_id)
    hand_off(open_tip(alice, filed.tip_id), [cast.teams[name].pk for name in teams], brief)
    reference = Tip.objects.get(pk=filed.tip_id).reference
    return Handed(filed.tip_id, reference, text, brief, str(filed.code), filed.session_token)


#: What a closing asks first is answered: the reporter stays without an answer, the team has judged.
TICKED = {"unanswered": "yes", "unassessed": "yes"}


def close_by_two(
    cast: Cast, who: str, second: str, tip_id: UUID, ending: str = "support_given"
) -> None:
    """Close a tip; where a life may be in danger the second person agrees."""
    made = close_tip(open_tip(cast.viewer(who), tip_id), ending, "Done.")
    if isinstance(made, SecondOpinion):
        read_and_agree(cast.viewer(second), made.pk)
