"""How duties were kept, as the ledger's pages may show it: each figure as it is declared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from upstander.base.published import PublishedFloat, PublishedInt, PublishedText
from upstander.mandated.figures import Figures
from upstander.plug import published

#: Of fewer finished ones than this no percent is shown: one duty is all or nothing.
FEW: Final = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A group's published figures; None: nothing to reckon one from."""

    #: No page shows these, so they aren't published (s; of ``worst`` the larger is).
    finished: int
    first_worst: int
    written_worst: int
    duties: PublishedInt
    open: PublishedInt
    overdue: PublishedInt
    in_time: PublishedInt
    share: PublishedInt | None
    #: "1 of 1", where they are too few for a share to say anything; None: no few.
    of_few: PublishedText | None
    first_late: PublishedInt
    written_late: PublishedInt
    #: Hours.
    half_first: PublishedFloat | None
    half_written: PublishedFloat | None
    #: Seconds; 0: none was late.
    worst: PublishedInt


def told(figures: Figures) -> Told:
    """Publish a group's figures."""
    share, half_first, half_written = figures.share, figures.half_first, figures.half_written
    return Told(
        finished=figures.finished,
        first_worst=figures.first_worst,
        written_worst=figures.written_worst,
        duties=published("ledger.duties", figures.duties),
        open=published("ledger.open", figures.open),
        overdue=published("ledger.overdue", figures.overdue),
        in_time=published("ledger.in_time", figures.in_time),
        share=None if share is None else published("ledger.share", share),
        of_few=_of_few(figures),
        first_late=published("ledger.first_late", figures.first_late),
        written_late=published("ledger.written_late", figures.written_late),
        half_first=None if half_first is None else published("ledger.half_first", half_first),
        half_written=None
        if half_written is None
        else published("ledger.half_written", half_written),
        worst=published("ledger.worst", figures.worst),
    )


def _of_few(figures: Figures) -> PublishedText | None:
    if not 0 < figures.finished < FEW:
        return None
    words = gettext("%(count)s of %(all)s")
    return published("ledger.in_time", words % {"count": figures.in_time, "all": figures.finished})
