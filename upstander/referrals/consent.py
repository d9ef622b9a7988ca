"""Whose word counts: a minor's own where a confirmed rule of the State says so. In ``viewing``."""

from __future__ import annotations

from upstander.mandated.actions.confirming import as_it_stands
from upstander.places.law import law_of
from upstander.states.consent import MinorsWord


def minors_word(district_id: int, need: str) -> MinorsWord | None:
    """Return the rule by which a minor's own word is enough for a need; None: it isn't."""
    rules = law_of(district_id).consent
    if rules is None:
        return None
    rule = as_it_stands(rules.file, rules).minor
    return rule if rule.runs and need in rule.needs else None
