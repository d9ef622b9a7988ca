"""The States' law, as data: one folder each. Whose law a district has: places/law.py.

Nothing of a State stands anywhere else: a test looks. How to add one: docs/how-to/add-a-state.md.
"""

from upstander.states.days import OfficeDays
from upstander.states.duties import Ahead, Ask, Deadline, DutyRule, RegisterPart, RuleSet, Way
from upstander.states.folders import Law, agency_form, law, law_files, laws, the_only_state
from upstander.states.forms import AgencyForm, Field, Section
from upstander.states.retention import Rule, Schedule

__all__ = [
    "AgencyForm",
    "Ahead",
    "Ask",
    "Deadline",
    "DutyRule",
    "Field",
    "Law",
    "OfficeDays",
    "RegisterPart",
    "Rule",
    "RuleSet",
    "Schedule",
    "Section",
    "Way",
    "agency_form",
    "law",
    "law_files",
    "laws",
    "the_only_state",
]
