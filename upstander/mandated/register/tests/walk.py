"""For the walk over all addresses: an allegation, and an answer to somebody who hires."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.story import WORDS, Owners, Story
from upstander.mandated.register.actions.disclosing import Question, answer
from upstander.mandated.register.actions.entries import file_by_hand
from upstander.mandated.register.actions.filing import Allegation

KEEPERS = {"maple": "cleo", "harbor": "clara"}


def later(story: Story) -> dict[str, Any]:
    """File an allegation, and answer somebody who hires; one of the named roles."""
    keeper, day = KEEPERS[story.district], date(2021, 3, 2)
    viewer, district_id = story.viewer(keeper), story.place.pk
    entry = file_by_hand(
        viewer, Allegation(district_id, day, name="Rey Marlow", words={"words": WORDS})
    )
    # Whoever keeps the register reads who asked, on its page: these are no words of a tip.
    asked = Question(district_id, "Nora Quill", "Riverside Schools", "Their consent", day)
    return {
        "entry_id": entry,
        "disclosure_id": answer(viewer, asked, []),
        "keeps_register": {keeper},
    }


WHOSE: dict[str, Owners] = {
    "entry_id": lambda values: values["keeps_register"],
    "disclosure_id": lambda values: values["keeps_register"],
}
