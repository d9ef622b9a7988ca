"""Outcomes compared by school, grade, disability and what a district chose: counts, no small ones.

All tables of a half-year are published together, once, and stay as they are (``editions``):
a number that grew by one since yesterday, or a span that differs from another by a week, would tell
of one child. Four queries for the page that publishes, two for every one after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from upstander.accountability.models import Division
from upstander.base import joint
from upstander.base.joint import Counted
from upstander.base.suppression import Shown
from upstander.cases.actions.ending import OUTCOMES
from upstander.cases.actions.support import ACTIONS
from upstander.decisions.dispositions import BY_KEY
from upstander.editions.halves import Half
from upstander.editions.keeping import Edition, NotOurs
from upstander.places.models import District, School

#: Question → its words. Of cases each may be given with any other: what was done counts beside
#: how a case ended.
OF_CASES: Final[Mapping[str, Promise]] = {
    "life": gettext_lazy("Life safety"),
    "support": gettext_lazy("Support or a service"),
    "police": gettext_lazy("Referred to police"),
    "discipline": gettext_lazy("Discipline"),
    "child_protection": gettext_lazy("Child protection"),
    "nothing": gettext_lazy("Nothing found"),
}
OF_TIPS: Final[Mapping[str, Promise]] = {
    key: words for key, words in OF_CASES.items() if key != "discipline"
}
#: Of tips these are how one ended, in one way alone: what is shown of two bounds the third.
ENDINGS: Final = frozenset({"support", "child_protection", "nothing"})
#: What tables and groups are called in an edition, which keeps these names for good: a page says
#: them in words (``words.py``).
NOT_KNOWN: Final = "Not known"
NO_SCHOOL: Final = "No school"
SCHOOLS: Final = "School"
GRADES: Final = "Grade"
DISABILITY: Final = "Disability"
DISABLED: Final = "With a disability"
NOT_DISABLED: Final = "Without"
#: Grades are compared in bands: single ones would mostly be too small to show.
BANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "Pre-K to grade 2": ("pk", "k", "1", "2"),
    "Grades 3 to 5": ("3", "4", "5"),
    "Grades 6 to 8": ("6", "7", "8"),
    "Grades 9 to 12": ("9", "10", "11", "12"),
}
_BAND_OF: Final = {grade: band for band, grades in BANDS.items() for grade in grades}


@dataclass(frozen=True, slots=True)
class Table:
    """One division's groups, as they may be shown."""

    name: str
    whole: Shown
    groups: list[tuple[str, Shown]]
    questions: Mapping[str, Promise]

    @property
    def tells(self) -> bool:
        """Whether any answer is shown; else only how many there are."""
        return any(
            one.yes.get(key) is not None
            for one in (self.whole, *(group for _, group in self.groups))
            for key in self.questions
        )

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
    #: When it was published (UTC): what was corrected later is not in it.
    published_at: datetime


#: Which cases have figures at all: a division like the others, so that none gives it away. No
#: district's own has this name.
_FILLED: Final = ""


def report(cases: Edition, tips: Edition) -> Report:
    """Return the outcomes of one half-year in one district, as published. Raises NotOurs."""
    filled = next((one for one in cases.tables if one.name == _FILLED), None)
    if filled is None or not tips.tables:
        raise NotOurs("not the tables that this page shows")
    return Report(
        cases=[table for table in _tables(cases, OF_CASES) if table.name != _FILLED],
        tips=_tables(tips, OF_TIPS)[0],
        missing=filled.groups["no"].of,
        whole=filled.whole.of,
        published_at=cases.published_at,
    )


def zone_of(district: District) -> ZoneInfo:
    """Return by which clock a district's half-years begin."""
    return ZoneInfo(district.time_zone)


def _tables(edition: Edition, questions: Mapping[str, Promise]) -> list[Table]:
    return [
        Table(one.name, one.whole, list(one.groups.items()), questions) for one in edition.tables
    ]


def counted_cases(district: District, half: Half) -> Counted:
    """Return the closed cases by all that they are compared by."""
    names = schools_of(district)
    chosen = list(Division.objects.filter(district_id=district.pk).order_by("pk"))
    rows = []
    for school, grade, disability, groups, filled, *answers, count in _rows(
        "case_outcomes", district, half
    ):
        said = json.loads(groups)
        rows.append(
            joint.Row(
                (
                    names.get(school, NO_SCHOOL),
                    _BAND_OF.get(grade, NOT_KNOWN),
                    {True: DISABLED, False: NOT_DISABLED, None: NOT_KNOWN}[disability],
                    "yes" if filled else "no",
                    *(said.get(str(one.pk), NOT_KNOWN) for one in chosen),
                ),
                _yes(OF_CASES, answers),
                count,
            )
        )
    divisions = [
        joint.Division(SCHOOLS, _groups(names.values(), [row.groups[0] for row in rows])),
        joint.Division(GRADES, (*BANDS, NOT_KNOWN)),
        joint.Division(DISABILITY, (DISABLED, NOT_DISABLED, NOT_KNOWN)),
        joint.Division(_FILLED, ("yes", "no"), asked=False),
        *(
            joint.Division(
                one.name, _groups([*one.groups, NOT_KNOWN], [r.groups[4 + n] for r in rows])
            )
            for n, one in enumerate(chosen)
        ),
    ]
    return Counted(divisions, tuple(OF_CASES), rows)


def counted_tips(district: District, half: Half) -> Counted:
    """Return the tips that no case came of, by school: of whom they were nobody says."""
    names = schools_of(district)
    rows = [
        joint.Row((names.get(school, NO_SCHOOL),), _yes(OF_TIPS, answers), count)
        for school, *answers, count in _rows("tip_outcomes", district, half)
    ]
    groups = _groups(names.values(), [row.groups[0] for row in rows])
    return Counted([joint.Division(SCHOOLS, groups)], tuple(OF_TIPS), rows, [ENDINGS])


def schools_of(district: District) -> dict[int, str]:
    """Return the schools' names by id."""
    return dict(School.objects.filter(district_id=district.pk).values_list("pk", "name"))


def _groups(order: Iterable[str], found: Iterable[str]) -> tuple[str, ...]:
    """Return all groups; those without any case too: a line that is missing would say so."""
    return tuple(dict.fromkeys([*order, *found]))


def _yes(questions: Iterable[str], answers: Iterable[bool]) -> frozenset[str]:
    return frozenset(key for key, answer in zip(questions, answers, strict=True) if answer)


def _rows(function: str, district: District, half: Half) -> list[tuple[Any, ...]]:
    statement, counts = {
        "case_outcomes": (
            "SELECT school_id, grade, disability, groups::text, filled, life, support, police,"
            " discipline, child_protection, nothing, cases FROM api.case_outcomes(p_district => %s,"
            " p_from => %s, p_until => %s, p_endings => %s, p_actions => %s)",
            (OUTCOMES, ACTIONS),
        ),
        "tip_outcomes": (
            "SELECT school_id, life, support, police, child_protection, nothing, tips"
            " FROM api.tip_outcomes(p_district => %s, p_from => %s, p_until => %s,"
            " p_endings => %s)",
            (BY_KEY,),
        ),
    }[function]
    handed = [json.dumps({key: one.counts_as for key, one in table.items()}) for table in counts]
    with connection.cursor() as cursor:
        cursor.execute(statement, [district.pk, *half.span(zone_of(district)), *handed])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
