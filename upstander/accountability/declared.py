"""The figures that this app publishes: how long tips took, and how cases and tips ended."""

from __future__ import annotations

from typing import Final

from upstander.accountability.rights import FiguresRight
from upstander.base.suppression import LEAST
from upstander.plug import Figure

_TIMES: Final = frozenset({FiguresRight.SEE_TIMES})
_ON: Final = ("/times", "/times.csv")
#: Where who answers for a district begins.
_HOME: Final = ("/today", "/district")
_OUTCOMES: Final = frozenset({FiguresRight.SEE_EQUITY})
_TIPS: Final = "tips of a half-year of one district or school that this step came to, or is due to"
_BEFORE: Final = "tips of a half-year that reached one district or school, until the hand-off"
_RECKONED: Final = "it is reckoned from two counts of one edition, which both stand beside it"

FIGURES: Final = (
    *(
        Figure(key, words, counts, unit, _TIMES, on, least=least, groups=True)
        for key, words, counts, unit, least, on in (
            ("times.median", "Half within", _TIPS, "s", LEAST, (*_ON, *_HOME)),
            ("times.p90", "9 in 10 within", _TIPS, "s", LEAST, _ON),
            ("times.p99", "99 in 100 within", _TIPS, "s", 100, _ON),
            ("times.share", "On target, in steps of five", _TIPS, "%", LEAST, _ON),
            ("before.minutes", "Half within, before", _BEFORE, "min", LEAST, _ON),
            ("before.percent", "On target, before", _BEFORE, "%", LEAST, _ON),
        )
    ),
    Figure(
        "outcomes.cases",
        "Closed cases",
        "cases of one district that were closed in a half-year, by group and what came of them",
        "cases",
        _OUTCOMES,
        ("/equity", *_HOME),
        least=LEAST,
        groups=True,
    ),
    Figure(
        "outcomes.tips",
        "Tips that did not become cases",
        "tips of one district that ended in a half-year, by school and what came of them",
        "tips",
        _OUTCOMES,
        ("/equity", *_HOME),
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
        why=_RECKONED,
    ),
)
