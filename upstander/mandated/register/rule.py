"""What a rule set says of the register: how long entries are kept, and what may be disclosed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from upstander.mandated.actions.confirming import as_confirmed, digest_of_law
from upstander.mandated.register.models import Entry
from upstander.places.law import law_of
from upstander.rulefiles import RuleFileWrong
from upstander.states import RuleSet, law


@dataclass(frozen=True, slots=True)
class RegisterRule:
    """One state's rule for the register."""

    #: The State's.
    key: str
    #: Outcome → years that an entry is kept after the day of its outcome.
    keep_years: Mapping[str, int]
    keep_source: str
    #: Whether an entry may go once its time is over: not before an administrator confirmed it.
    lets_go: bool
    #: What the rule is known by, for the database, which asks the same.
    keep_digest: str
    keep_mark: str
    #: Outcomes of which somebody who hires is told; the others are not theirs to know.
    told: frozenset[str]
    #: Working days in which such a question is answered.
    answer_days: int
    told_source: str
    told_mark: str
    #: Whose holidays are no working days.
    holidays_of: str

    def keep_until(self, outcome: str, on: date | None) -> date | None:
        """Return the last day on which an entry is kept; None: without end, while unproven."""
        if outcome == Entry.Outcome.UNPROVEN or on is None:
            return None
        years = self.keep_years[outcome]
        try:
            return on.replace(year=on.year + years)
        except ValueError:  # 29 February
            return on.replace(year=on.year + years, month=3, day=1)


def register_rule(key: str) -> RegisterRule:
    """Return a rule set's rule for the register, as its file has it: confirmed by nobody.

    Raises KeyError when it has none, RuleFileWrong when it speaks of outcomes that the register
    doesn't have.
    """
    return _rule_in(law(key).duties)


def rule_as_it_stands(key: str) -> RegisterRule:
    """Return the same with what an administrator has confirmed; call inside ``viewing``."""
    return _rule_in(as_confirmed([law(key).duties])[key])


def rule_in(district_id: int) -> RegisterRule:
    """Return the same of a district's State; call inside ``viewing``."""
    return rule_as_it_stands(law_of(district_id).key)


def _rule_in(rules: RuleSet) -> RegisterRule:
    part = rules.register
    if part is None:
        raise KeyError(rules.key)
    keep, told = part.keep, part.told
    outcomes = {str(one) for one in Entry.Outcome if one != Entry.Outcome.UNPROVEN}
    if set(keep.years) != outcomes or told.outcomes - set(Entry.Outcome):
        raise RuleFileWrong(
            rules.key, "register", f"the register's outcomes are {sorted(outcomes)}"
        )
    return RegisterRule(
        key=rules.key,
        keep_years=keep.years,
        keep_source=keep.source,
        lets_go=keep.runs,
        keep_digest=digest_of_law(keep),
        keep_mark=keep.mark,
        told=told.outcomes,
        answer_days=told.answer_working_days,
        told_source=told.source,
        told_mark=told.mark,
        holidays_of=law(rules.key).office.holidays_of,
    )
