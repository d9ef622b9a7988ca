"""For the walk over all addresses: a proposal to close, and a case with all that it can hold."""

from __future__ import annotations

from typing import Any

from tests.story import WORDS, Owners, Story
from upstander.cases.actions.ending import close_case
from upstander.cases.actions.opening import NewCase, open_case, open_the_case
from upstander.cases.actions.support import add_action
from upstander.cases.actions.together import add_file
from upstander.cases.guides.actions import keep_plan
from upstander.cases.models import Case
from upstander.cleaning.tests.samples import jpeg
from upstander.decisions.actions import propose
from upstander.decisions.models import SecondOpinion
from upstander.tips.opening import open_tip


def things(story: Story) -> dict[str, Any]:
    """Open a life-safety case that waits for a second person, with a file and something to do."""
    viewer = story.viewer(story.member)
    opinion = propose(
        open_tip(viewer, story.tip_id),
        SecondOpinion.Kind.CLOSE,
        words="A reason.",
        disposition="unfounded",
    )
    case = open_case(viewer, NewCase(Case.Concern.OTHER, WORDS, story.team_id, life_safety=True))
    plan = keep_plan(
        open_the_case(viewer, case), {"language": "en", "agreed": "yes", "alone": WORDS}
    )
    closing = close_case(open_the_case(viewer, case), "resolved", WORDS)
    file = add_file(open_the_case(viewer, case), "a.jpg", [jpeg()])
    action = add_action(open_the_case(viewer, case), "check_in")
    return {
        "opinion_id": opinion.pk,
        "case_id": case,
        "item_id": file.id,
        "action_id": action.pk,
        "closing_id": closing.pk,
        "version_id": plan,
    }


WHOSE: dict[str, Owners] = {"case_id": lambda values: values["asked"]}
