"""Rule sets: what one state's law asks, as data. A state is one TOML file beside this one.

Nothing about a state stands anywhere else. What no figure can say (a question that decides whether
a report may be electronic, say) is a list in the file too; only a rule that no file can express
needs a Python file of the same name, and none does so far.
"""

from upstander.mandated.rule_sets.loading import (
    Ahead,
    Ask,
    Deadline,
    DutyRule,
    RuleSet,
    Way,
    law_files,
    rule_set,
    rule_sets,
)

__all__ = [
    "Ahead",
    "Ask",
    "Deadline",
    "DutyRule",
    "RuleSet",
    "Way",
    "law_files",
    "rule_set",
    "rule_sets",
]
