"""What each ending of a case, and each thing done in one, counts as in published figures."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from upstander.cases.actions.ending import OUTCOMES
from upstander.cases.actions.support import ACTIONS
from upstander.decisions.dispositions import CountsAs

#: One that is new is decided here too: does it belong in a column, or in the total alone?
CASES = {
    CountsAs.SUPPORT: {"services", "safe_supported"},
    CountsAs.POLICE: {"police"},
    CountsAs.DISCIPLINE: {"discipline"},
    CountsAs.CHILD_PROTECTION: {"child_protection", "not_accepted"},
    CountsAs.NOTHING: {"unfounded"},
    CountsAs.OTHER: {"plan_kept", "resolved", "protected", "moved", "other"},
}
DONE = {
    CountsAs.SUPPORT: {"counseling", "referral", "mobile_crisis", "safety_plan", "restorative"},
    CountsAs.POLICE: {"police"},
    CountsAs.DISCIPLINE: {"discipline"},
    CountsAs.CHILD_PROTECTION: {"child_protection"},
    CountsAs.OTHER: {
        "check_in",
        "stay_with",
        "screening",
        "parents",
        "their_parents",
        "maker_parents",
        "aimed_parents",
        "schedule",
        "supervision",
        "no_contact",
        "protect_target",
        "review",
        "other",
        "follow_up",
    },
}


@pytest.mark.parametrize(("table", "said"), [(OUTCOMES, CASES), (ACTIONS, DONE)])
def test_each_counts_as_something(
    table: Mapping[str, object], said: dict[CountsAs, set[str]]
) -> None:
    counts = {key: one.counts_as for key, one in table.items()}  # type: ignore[attr-defined]
    assert counts == {key: counts_as for counts_as, keys in said.items() for key in keys}
