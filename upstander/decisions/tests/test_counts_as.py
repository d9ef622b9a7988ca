"""What each ending of a tip counts as in published figures."""

from __future__ import annotations

from upstander.decisions.dispositions import BY_KEY, CountsAs

#: One that is new is decided here too: does it belong in a column, or in the total alone?
TIPS = {
    CountsAs.SUPPORT: {
        "support_given",
        "counseling",
        "mobile_crisis",
        "welfare_check",
        "monitoring",
        "talked",
    },
    CountsAs.POLICE: {"police"},
    CountsAs.CHILD_PROTECTION: {"child_protection", "not_accepted"},
    CountsAs.NOTHING: {"not_enough", "unfounded", "false_harm"},
    CountsAs.OTHER: {"parents_told", "school_action"},
    CountsAs.NO_TIP: {"junk", "duplicate", "not_our_student"},
}


def test_each_ending_counts_as_something() -> None:
    counts = {key: one.counts_as for key, one in BY_KEY.items()}
    assert counts == {key: counts_as for counts_as, keys in TIPS.items() for key in keys}
