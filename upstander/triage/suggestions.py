"""A priority suggested from an assessment, with its reasons. A person decides.

It reads only what a counselor ticked, never what anybody wrote. It can only raise: it starts from
the tip's floor, and no rule asks for an absent answer, so recording one thing more never lowers
the suggestion. What protects a child helps to plan and is shown; it takes nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from upstander.places.priority import Priority, highest
from upstander.places.tables import Row, read_table
from upstander.places.taxonomy import CATEGORIES
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


def _condition(row: Row, number: int) -> tuple[str, frozenset[str]] | None:
    key = row[f"field {number}"]
    if not key:
        if row[f"value {number}"]:
            raise row.error(f"value {number} stands without a field")
        return None
    wanted = row.choices(f"value {number}")
    if key in FROM_CATEGORY:
        allowed = FROM_CATEGORY[key]
    elif key not in FIELDS_BY_KEY:
        raise row.error(f"there is no field {key!r}")
    else:
        definition = FIELDS_BY_KEY[key]
        written = definition.kind in ("text", "time")
        allowed = frozenset({"given", UNKNOWN}) if written else definition.option_keys
    if not wanted or wanted - allowed:
        raise row.error(f"{key!r} can't be {sorted(wanted) or 'any'}")
    return key, wanted


def _rule(row: Row) -> AssessmentRule:
    found = [_condition(row, number) for number in (1, 2, 3)]
    conditions = tuple(condition for condition in found if condition is not None)
    if not conditions:
        raise row.error("this line would match every tip")
    priority = row.one_of("priority", ("-", "urgent", "life_safety"))
    if priority != "-" and any(
        FIELDS_BY_KEY[key].kind in ("text", "time") for key, _ in conditions if key in FIELDS_BY_KEY
    ):
        raise row.error("words never decide a priority; only a caution ('-') may see there are any")
    return AssessmentRule(
        conditions=conditions,
        priority=None if priority == "-" else Priority(priority),
        reason=row.need("reason"),
    )


_COLUMNS = ("field 1", "value 1", "field 2", "value 2", "field 3", "value 3", "priority", "reason")
RULES: tuple[AssessmentRule, ...] = tuple(
    _rule(row) for row in read_table(PACKAGE, "assessment_rules.csv", _COLUMNS)
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
            raised.append((chosen.default, f"The category: {chosen.meaning}."))
    if floor > Priority.ROUTINE:
        raised.append((floor, "The reporter's own answers."))
    matching = [rule for rule in RULES if rule.matches(facts)]
    raised += [(rule.priority, rule.reason) for rule in matching if rule.priority is not None]
    ordered = sorted(raised, key=lambda pair: -pair[0].rank)
    return Suggestion(
        priority=highest(*(priority for priority, _ in raised)),
        reasons=tuple(dict.fromkeys(reason for _, reason in ordered)),
        cautions=tuple(rule.reason for rule in matching if rule.priority is None),
        still_unknown=tuple(f.label for f in still_unknown(group, fields)),
    )
