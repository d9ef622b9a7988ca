"""The figures that this app publishes: how duties were kept, and how many have not answered."""

from __future__ import annotations

from typing import Final

from upstander.mandated.rights import DutyRight
from upstander.people.permissions import Permission
from upstander.plug import Figure

_DUTIES: Final = (
    "duties that were granted to the reader, or of the district that a monitor watches; by school"
    " and by the month in which the suspicion was noted"
)
_EACH: Final = "each duty that is counted stands in the ledger's list, for the same reader"


def _of_duties(key: str, words: str, unit: str, *more: str) -> Figure:
    return Figure(
        f"ledger.{key}",
        words,
        _DUTIES,
        unit,
        frozenset({DutyRight.SEE_LEDGER, DutyRight.MONITOR}),
        ("/ledger", "/monitor", *more),
        least=None,
        why=_EACH,
    )


FIGURES: Final = (
    _of_duties("duties", "Duties", "duties", "/today"),
    _of_duties("open", "Open", "duties"),
    _of_duties("overdue", "Overdue now", "duties"),
    _of_duties("in_time", "Finished on time", "duties", "/today"),
    _of_duties("share", "Finished on time, of those finished", "%"),
    _of_duties("first_late", "Late with the first report", "duties"),
    _of_duties("written_late", "Late with the written report", "duties"),
    _of_duties("half_first", "Median time to report", "h"),
    _of_duties("half_written", "Median time to written report", "h"),
    _of_duties("worst", "Latest by", "s"),
    Figure(
        "answers.missing",
        "Who has opened a tip about abuse and has not answered",
        "people who are asked and in service, by where they work",
        "people",
        frozenset({DutyRight.SEE_LEDGER, Permission.SUPERVISE}),
        ("/ledger", "/supervisor"),
        least=None,
        why="that a single one is missing is what its reader must know; it counts no children",
    ),
)
