"""The figures that this app publishes: which needs stayed unmet."""

from __future__ import annotations

from typing import Final

from upstander.base.suppression import LEAST
from upstander.plug import Figure
from upstander.referrals.rights import ReferralRight

_READERS: Final = frozenset({ReferralRight.SEE_UNMET})
_ON: Final = ("/unmet", "/unmet.csv")

FIGURES: Final = (
    Figure(
        "needs.unmet",
        "Needs, and how many of them were not met",
        "needs of contacts that ended in a half-year, by need, town, language and hour, and whether"
        " the family said that it was met",
        "needs",
        _READERS,
        (*_ON, "/today", "/district"),
        least=LEAST,
        groups=True,
    ),
    Figure(
        "needs.met",
        "Share of a group that was met",
        "two counts that are shown beside it",
        "%",
        _READERS,
        ("/unmet",),
        least=LEAST,
        why="it is reckoned from two counts of one edition, which both stand beside it",
    ),
)
