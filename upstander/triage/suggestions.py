"""A priority suggested from an assessment, with its reasons. A person decides.

It reads only what a counselor ticked, never what anybody wrote. It can only raise: it starts from
the tip's floor, and no rule asks for an absent answer, so recording one thing more never lowers
the suggestion. What protects a child helps to plan and is shown; it takes nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext
from msgspec import field

from upstander.intake.priority import Priority, highest
from upstander.intake.taxonomy import CATEGORIES
from upstander.rulefiles import RuleType, Words, data_file, read_table
from upstander.triage.assessment_fields import (
    FIELDS_BY_KEY,
    PACKAGE,
    UNKNOWN,
    still_unknown,
    values_of,
)
from upstander.triage.protocol import Group, group_of

#: Not fields of the record, but known from the category that the counselor chose.
FROM_CATEGORY: dict[str, frozenset[str]] = {
    "group": frozenset(Group),
    "mandated": frozenset({"yes", "no"}),
}


@dataclass(frozen=True)
class Suggestion:
    """What software makes of the record. ``reasons`` and ``cautions`` are English sentences."""

    priority: Priority
    reasons: tuple[str, ...]
    #: What to mind whatever the priority is, such as a possible impersonation.
    cautions: tuple[str, ...]
    #: Labels of decisive fields that are still unknown: what to find out next.
    still_unknown: tuple[str, ...]


@dataclass(frozen=True)
class AssessmentRule:
    """One line of assessment_rules.csv: all conditions hold → priority, or only a caution."""

    conditions: tuple[tuple[str, frozenset[str]], ...]
    priority: Priority | None
    reason: str

    def matches(self, facts: Mapping[str, frozenset[str]]) -> bool:
        """Whether each of its conditions was recorded."""
        return all(facts.get(key, frozenset()) & wanted for key, wanted in self.conditions)


class _Row(RuleType, frozen=True, kw_only=True):
    """A line as it stands: up to three fields with the values of which one must be recorded."""

    field_1: str = field(name="field 1")
    value_1: frozenset[str] = field(name="value 1", default=frozenset())
    field_2: str = field(name="field 2")
    value_2: frozenset[str] = field(name="value 2", default=frozenset())
    field_3: str = field(name="field 3")
    value_3: frozenset[str] = field(name="value 3", default=frozenset())
    priority: Literal["-", "urgent", "life_safety"]
    reason: Words

    def __post_init__(self) -> None:
        if not self.rule().conditions:
            raise ValueError("this line would match every tip")
        asked = [FIELDS_BY_KEY[key] for key, _ in self.rule().conditions if key in FIELDS_BY_KEY]
        if self.priority != "-" and any(one.kind in ("text", "time") for one in asked):
            raise ValueError(
                "words never decide a priority; only a caution ('-') may see there are any"
            )

    def rule(self) -> AssessmentRule:
        """Return what it says. Raises ValueError for a field or value that doesn't exist."""
        pairs = (
            (self.field_1, self.value_1),
            (self.field_2, self.value_2),
            (self.field_3, self.value_3),
        )
        for key, wanted in pairs:
            if wanted and not key:
                raise ValueError(f"{sorted(wanted)} stands without a field")
            if key and (not wanted or wanted - _allowed(key)):
                raise ValueError(f"{key!r} can't be {sorted(wanted) or 'any'}")
        return AssessmentRule(
            conditions=tuple(pair for pair in pairs if pair[0]),
            priority=None if self.priority == "-" else Priority(self.priority),
            reason=self.reason,
        )


def _allowed(key: str) -> frozenset[str]:
    """Return what a rule can ask of a field. Raises ValueError when there is none."""
    if key in FROM_CATEGORY:
        return FROM_CATEGORY[key]
    if key not in FIELDS_BY_KEY:
        raise ValueError(f"there is no field {key!r}")
    definition = FIELDS_BY_KEY[key]
    written = definition.kind in ("text", "time")
    return frozenset({"given", UNKNOWN}) if written else definition.option_keys


def of_abuse(fields: Mapping[str, str], category: str = "") -> bool:
    """Tell whether an assessment makes a tip one of suspected abuse: whoever opens it is asked.

    By the counselor's own answer, by a category for which the law asks, or because home is not
    safe; that nobody has answered whether there is cause, or that they don't know, takes none away.
    """
    chosen = CATEGORIES.get(category)
    return (
        "yes" in values_of("mr_trigger", fields)
        or home_is_unsafe(fields)
        or (chosen is not None and chosen.mandated)
    )


def kept_as(category: str) -> str:
    """Return by which schedule of its own a category is kept ("staff", "sexual"); none: empty."""
    chosen = CATEGORIES.get(category)
    return chosen.kept_as if chosen else ""


def home_is_unsafe(fields: Mapping[str, str]) -> bool:
    """Tell whether an assessment says that home is not safe."""
    return "yes" in values_of("home_unsafe", fields)


RULES: tuple[AssessmentRule, ...] = tuple(
    row.rule() for row in read_table(data_file(PACKAGE, "assessment_rules.csv"), _Row)
)


def suggest_priority(
    fields: Mapping[str, str], *, category: str = "", floor: Priority = Priority.ROUTINE
) -> Suggestion:
    """The suggestion for what is recorded in ``fields`` (AssessmentField.key → value).

    ``category`` is the counselor's choice, ``floor`` what the reporter's own answers demand; an
    unknown category adds nothing. Never below ``floor``. Never raises for odd values.
    """
    facts = {key: values_of(key, fields) for key in FIELDS_BY_KEY}
    group = group_of(category=category)
    raised: list[tuple[Priority, str]] = []
    if chosen := CATEGORIES.get(category):
        facts["group"] = frozenset({group.value})
        facts["mandated"] = frozenset({"yes" if chosen.mandated else "no"})
        if chosen.default > Priority.ROUTINE:
            words = gettext("The category: %(meaning)s.") % {"meaning": chosen.meaning}
            raised.append((chosen.default, words))
    if floor > Priority.ROUTINE:
        raised.append((floor, gettext("The reporter's own answers.")))
    matching = [rule for rule in RULES if rule.matches(facts)]
    raised += [(rule.priority, rule.reason) for rule in matching if rule.priority is not None]
    ordered = sorted(raised, key=lambda pair: -pair[0].rank)
    return Suggestion(
        priority=highest(*(priority for priority, _ in raised)),
        reasons=tuple(dict.fromkeys(reason for _, reason in ordered)),
        cautions=tuple(rule.reason for rule in matching if rule.priority is None),
        still_unknown=tuple(f.label for f in still_unknown(group, fields)),
    )
