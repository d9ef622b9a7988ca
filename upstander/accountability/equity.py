"""Outcomes compared by school, grade, disability and what a district chose: counts, no small ones.

Four queries whatever there is. Spans are half-years that are over and don't overlap: a number that
grew by one since yesterday, or a span that differs from another by a week, would tell of one child.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection

from upstander.accountability.models import Division
from upstander.base.suppression import Count, Shown
from upstander.places.models import District, School
from upstander.plug import published_groups

#: Question → its words. They overlap: none follows from the others.
OF_CASES: Final[Mapping[str, str]] = {
    "life": "Life safety",
    "support": "Support or a service",
    "police": "Referred to police",
    "discipline": "Discipline",
    "child_protection": "Child protection",
    "nothing": "Nothing found",
}
OF_TIPS: Final[Mapping[str, str]] = {
    key: words for key, words in OF_CASES.items() if key != "discipline"
}
NOT_KNOWN: Final = "Not known"
#: Grades are compared in bands: single ones would mostly be too small to show.
BANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "Pre-K to grade 2": ("pk", "k", "1", "2"),
    "Grades 3 to 5": ("3", "4", "5"),
    "Grades 6 to 8": ("6", "7", "8"),
    "Grades 9 to 12": ("9", "10", "11", "12"),
}
_BAND_OF: Final = {grade: band for band, grades in BANDS.items() for grade in grades}
#: Half-years that can be looked at.
HALVES: Final = 8


@dataclass(frozen=True, slots=True, order=True)
class Half:
    """One half of a calendar year: a school year's first half is July to December."""

    year: int
    second: bool

    @property
    def key(self) -> str:
        """How it stands in an address."""
        return f"{self.year}-{2 if self.second else 1}"

    @property
    def words(self) -> str:
        """How it is called."""
        return f"{'July to December' if self.second else 'January to June'} {self.year}"

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Return its first moment and the first one after it."""
        after = self.next()
        return _start(self, zone), _start(after, zone)

    def next(self) -> Half:
        """Return the half-year after it."""
        return Half(self.year + 1, second=False) if self.second else Half(self.year, second=True)

    def before(self) -> Half:
        """Return the half-year before it."""
        return Half(self.year, second=False) if self.second else Half(self.year - 1, second=True)


def _start(half: Half, zone: ZoneInfo) -> datetime:
    return datetime.combine(date(half.year, 7 if half.second else 1, 1), time(), zone)


def halves(now: datetime, zone: ZoneInfo) -> list[Half]:
    """Return the half-years that are over, the latest first."""
    today = now.astimezone(zone)
    half, found = Half(today.year, second=today.month > 6).before(), []
    for _ in range(HALVES):
        found.append(half)
        half = half.before()
    return found


@dataclass(frozen=True, slots=True)
class Table:
    """One division's groups, as they may be shown."""

    name: str
    whole: Shown
    groups: list[tuple[str, Shown]]
    questions: Mapping[str, str]

    @property
    def hides(self) -> bool:
        """Whether anything is hidden."""
        every = [self.whole, *(group for _, group in self.groups)]
        return any(one.of is None or None in one.yes.values() for one in every)


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page shows of one span; of how many cases nobody said of whom they were."""

    cases: list[Table]
    tips: Table
    #: Cases without figures; None: too few, or all but too few, to say.
    missing: int | None
    whole: int | None


@dataclass(frozen=True, slots=True)
class _Row:
    """Cases that are alike in everything that is asked."""

    school: str
    grade: str
    disability: str
    groups: Mapping[str, str]
    filled: bool
    yes: frozenset[str]
    cases: int


def report(district: District, half: Half) -> Report:
    """Return the outcomes of one half-year in one district: four queries; inside ``viewing``."""
    span = half.span(ZoneInfo(district.time_zone))
    names = dict(School.objects.filter(district_id=district.pk).values_list("pk", "name"))
    divisions = list(Division.objects.filter(district_id=district.pk).order_by("pk"))
    cases = [
        _Row(
            names.get(row[0], "No school"),
            _BAND_OF.get(row[1], NOT_KNOWN),
            {True: "With a disability", False: "Without", None: NOT_KNOWN}[row[2]],
            json.loads(row[3]),
            row[4],
            _yes(OF_CASES, row[5:11]),
            row[11],
        )
        for row in _rows("case_outcomes", district, span)
    ]
    tips = [
        _Row(names.get(row[0], "No school"), "", "", {}, False, _yes(OF_TIPS, row[1:6]), row[6])
        for row in _rows("tip_outcomes", district, span)
    ]
    schools = _table(
        "outcomes.cases", "School", cases, lambda row: row.school, names.values(), OF_CASES
    )
    filled = published_groups(
        "outcomes.filled",
        {
            name: Count(sum(r.cases for r in cases if r.filled is flag), {})
            for name, flag in (("yes", True), ("no", False))
        },
        (),
    )
    small = {name for name, group in schools.groups if group.of is None}
    return Report(
        cases=[
            schools,
            _table(
                "outcomes.cases",
                "Grade",
                cases,
                lambda row: row.grade,
                [*BANDS, NOT_KNOWN],
                OF_CASES,
                hidden=_within(cases, small),
            ),
            _table(
                "outcomes.cases",
                "Disability",
                cases,
                lambda row: row.disability,
                ["With a disability", "Without", NOT_KNOWN],
                OF_CASES,
            ),
            *(
                _table(
                    "outcomes.cases",
                    one.name,
                    cases,
                    _chosen(one),
                    [*one.groups, NOT_KNOWN],
                    OF_CASES,
                )
                for one in divisions
            ),
        ],
        tips=_table(
            "outcomes.tips", "School", tips, lambda row: row.school, names.values(), OF_TIPS
        ),
        missing=filled[1]["no"].of,
        whole=schools.whole.of,
    )


def _chosen(division: Division) -> Callable[[_Row], str]:
    key = str(division.pk)
    return lambda row: row.groups.get(key, NOT_KNOWN)


def _table(
    key: str,
    name: str,
    rows: Iterable[_Row],
    group_of: Callable[[_Row], str],
    order: Iterable[str],
    questions: Mapping[str, str],
    *,
    hidden: Iterable[str] = (),
) -> Table:
    of: dict[str, int] = defaultdict(int)
    yes: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        group = group_of(row)
        of[group] += row.cases
        for question in row.yes:
            yes[group][question] += row.cases
    known = list(dict.fromkeys([*order, *of]))
    # Those without any case too: a line that is missing would say so.
    counts = {group: Count(of[group], yes[group]) for group in known}
    whole, groups = published_groups(
        key, counts, questions, hidden=[one for one in hidden if one in counts]
    )
    return Table(name, whole, [(group, groups[group]) for group in counts], questions)


def _within(rows: Iterable[_Row], schools: set[str]) -> set[str]:
    """Return the grades that are in hidden schools alone: their number would be the school's."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[row.grade].add(row.school)
    return {grade for grade, where in found.items() if where <= schools}


def _yes(questions: Mapping[str, str], answers: Iterable[bool]) -> frozenset[str]:
    return frozenset(key for key, answer in zip(questions, answers, strict=True) if answer)


def _rows(
    function: str, district: District, span: tuple[datetime, datetime]
) -> list[tuple[Any, ...]]:
    columns = {
        "case_outcomes": "school_id, grade, disability, groups::text, filled, life, support,"
        " police, discipline, child_protection, nothing, cases",
        "tip_outcomes": "school_id, life, support, police, child_protection, nothing, tips",
    }[function]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM api.{function}(%s, %s, %s)",  # noqa: S608 - names of this module
            [district.pk, *span],
        )
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
