"""The figures that this app publishes: how long tips took, and how cases and tips ended."""

from __future__ import annotations

from typing import Final

from upstander.accountability.rights import FiguresRight
from upstander.base.suppression import LEAST
from upstander.plug import Figure

_TIMES: Final = frozenset({FiguresRight.SEE_TIMES})
_ON: Final = ("/times", "/times.csv")
_OUTCOMES: Final = frozenset({FiguresRight.SEE_EQUITY})
_TIPS: Final = "tips of one's own center, district or school that this step came to, or is due to"
_BEFORE: Final = "tips of the latest half-year that is over, handed to one's district or school"
_COUNTED: Final = "row policies let a reader count only tips that each are theirs to know of"
_WHOLE: Final = (
    "each tip is its reader's own; of when it came in only this is told, and of one school only"
    " where each of the reader's schools has ten"
)

FIGURES: Final = (
    # The register's one exception for small cells: a child who waits is told how long it takes, in
    # whole minutes, and a median that moves by one tells of nobody.
    Figure(
        "reporter.wait",
        "Half are read within",
        "tips of 30 days at this hour of the center's day, until a counselor opened the words",
        "min",
        frozenset(),
        ("/talk/live",),
        least=20,
        apart="whoever waits must know: whole minutes, from 20 tips on, with somebody on shift",
    ),
    Figure(
        "times.span",
        "Tips in this span",
        "tips of one's own center, district or school",
        "tips",
        _TIMES,
        ("/times",),
        least=None,
        why=_COUNTED,
    ),
    Figure("times.tips", "Tips", _TIPS, "tips", _TIMES, _ON, least=None, why=_COUNTED),
    Figure("times.median", "Half within", _TIPS, "s", _TIMES, _ON, least=5, why=_COUNTED),
    Figure("times.p90", "9 of 10 within", _TIPS, "s", _TIMES, _ON, least=10, why=_COUNTED),
    Figure("times.p99", "99 of 100 within", _TIPS, "s", _TIMES, _ON, least=100, why=_COUNTED),
    Figure(
        "times.share",
        "In target",
        _TIPS,
        "% or x of y",
        _TIMES,
        ("/times",),
        least=None,
        why=_COUNTED,
    ),
    Figure(
        "times.within",
        "In target, and of how many",
        _TIPS,
        "tips",
        _TIMES,
        ("/times.csv",),
        least=None,
        why=_COUNTED,
    ),
    Figure(
        "before.tips",
        "Tips before they came",
        _BEFORE,
        "tips",
        _TIMES,
        _ON,
        least=None,
        why=_COUNTED,
    ),
    Figure(
        "before.minutes", "Half within, before", _BEFORE, "min", _TIMES, _ON, least=10, why=_WHOLE
    ),
    Figure("before.percent", "In target, before", _BEFORE, "%", _TIMES, _ON, least=10, why=_WHOLE),
    Figure(
        "outcomes.cases",
        "Closed cases",
        "cases of one district that were closed in a half-year, by group and what came of them",
        "cases",
        _OUTCOMES,
        ("/equity",),
        least=LEAST,
        groups=True,
    ),
    Figure(
        "outcomes.tips",
        "Tips that no case came of",
        "tips of one district that ended in a half-year, by school and what came of them",
        "tips",
        _OUTCOMES,
        ("/equity",),
        least=LEAST,
        groups=True,
    ),
    Figure(
        "outcomes.share",
        "Share of a group",
        "two counts that are shown beside it",
        "%",
        _OUTCOMES,
        ("/equity",),
        least=LEAST,
        why="it is reckoned from two counts of one edition, which both stand beside it",
    ),
)
