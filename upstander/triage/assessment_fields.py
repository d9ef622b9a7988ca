"""What an assessment records. Every field can say that it is unknown.

The fields and their options are data (``data/assessment_fields.csv``, ``assessment_options.csv``).
"Unknown" is an answer of its own, never a gap and never a "no": half of what a counselor decides
at night is what to find out next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from django.utils.translation import gettext
from msgspec import field

from upstander.rulefiles import Key, RuleType, Words, data_file, read_table
from upstander.triage.protocol import Group

PACKAGE = "upstander.triage"
UNKNOWN = "unknown"
TEXT_LIMIT = 4000


@dataclass(frozen=True)
class FieldOption:
    """One option of a field, with its label in English."""

    key: str
    label: str


@dataclass(frozen=True)
class AssessmentField:
    """One field. ``choices`` takes several options with blanks between them; ``time`` takes an
    ISO 8601 time with its offset. Text and time fields have the one option "unknown"."""

    key: str
    kind: str
    label: str
    help: str
    options: tuple[FieldOption, ...]
    #: The groups for which a judgement without it is only half a judgement.
    decisive_for: frozenset[Group]

    @property
    def option_keys(self) -> frozenset[str]:
        """The keys of its options."""
        return frozenset(option.key for option in self.options)


class _OptionRow(RuleType, frozen=True):
    field: Key
    option: Key
    label: Words


class _FieldRow(RuleType, frozen=True):
    key: Key
    kind: Literal["choice", "choices", "text", "time"]
    label: Words
    help: str
    #: Groups; ``any`` for all of them.
    decisive: tuple[str, ...] = field(name="decisive for")


def _load_options() -> dict[str, tuple[FieldOption, ...]]:
    table = read_table(data_file(PACKAGE, "assessment_options.csv"), _OptionRow)
    options: dict[str, tuple[FieldOption, ...]] = {}
    for row in table:
        known = options.get(row.field, ())
        if any(option.key == row.option for option in known):
            raise table.wrong(row, f"{row.option!r} stands twice")
        options[row.field] = (*known, FieldOption(row.option, row.label))
    return options


def _load() -> tuple[AssessmentField, ...]:
    table = read_table(data_file(PACKAGE, "assessment_fields.csv"), _FieldRow)
    options = _load_options()
    fields: list[AssessmentField] = []
    for row in table.by_key().values():
        own = options.pop(row.key, ())
        if UNKNOWN not in {option.key for option in own}:
            raise table.wrong(row, "every field can be unknown; add that option")
        if (len(own) > 1) != (row.kind in ("choice", "choices")):
            raise table.wrong(
                row, f"a field of the kind {row.kind!r} can't have {len(own)} options"
            )
        decisive = tuple(Group) if row.decisive == ("any",) else row.decisive
        if strange := set(decisive) - set(Group):
            raise table.wrong(row, f"no such group: {sorted(strange)}")
        fields.append(
            AssessmentField(
                key=row.key,
                kind=row.kind,
                label=row.label,
                help=row.help,
                options=own,
                decisive_for=frozenset(map(Group, decisive)),
            )
        )
    if options:
        raise table.wrong(
            None, f"assessment_options.csv: no such field: {', '.join(sorted(options))}"
        )
    return tuple(fields)


FIELDS: tuple[AssessmentField, ...] = _load()
FIELDS_BY_KEY: Mapping[str, AssessmentField] = MappingProxyType({f.key: f for f in FIELDS})


def values_of(key: str, fields: Mapping[str, str]) -> frozenset[str]:
    """What a record says in one field, as a set; empty if nothing was recorded.

    A text or a time counts as the single value ``given``.
    """
    value = fields.get(key, "").strip()
    definition = FIELDS_BY_KEY[key]
    if not value:
        return frozenset()
    if definition.kind in ("text", "time"):
        return frozenset({UNKNOWN if value == UNKNOWN else "given"})
    return frozenset(value.split() if definition.kind == "choices" else [value])


def problems_with(fields: Mapping[str, str]) -> dict[str, str]:
    """What is wrong in a record that is about to be saved: field → words; empty if nothing is.

    An absent field is no problem: a first assessment is made within a minute.
    """
    problems: dict[str, str] = {}
    for key, value in fields.items():
        definition = FIELDS_BY_KEY.get(key)
        if definition is None:
            problems[key] = gettext("There is no such field.")
        elif definition.kind in ("choice", "choices"):
            found = values_of(key, fields)
            if found - definition.option_keys:
                problems[key] = gettext("This is none of the options.")
            elif len(found) > 1 and found & {UNKNOWN, "none"}:
                problems[key] = gettext("Nothing or unknown can't stand beside something.")
        elif definition.kind == "time":
            if value.strip() and value != UNKNOWN and not _is_time(value):
                problems[key] = gettext("This is no date and time with a time zone.")
        elif len(value) > TEXT_LIMIT:
            problems[key] = gettext("At most %(limit)s characters.") % {"limit": TEXT_LIMIT}
    return problems


def _is_time(value: str) -> bool:
    try:
        return datetime.fromisoformat(value.strip()).tzinfo is not None
    except ValueError:
        return False


def still_unknown(group: Group, fields: Mapping[str, str]) -> tuple[AssessmentField, ...]:
    """The decisive fields of a group that nobody has filled, or that were recorded as unknown."""
    return tuple(
        f
        for f in FIELDS
        if group in f.decisive_for and values_of(f.key, fields) <= frozenset({UNKNOWN})
    )
