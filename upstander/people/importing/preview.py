"""What an import would do, counted, with the first rows to look at.

However long the file is, a preview keeps a fixed number of rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

type Status = Literal["new", "changed", "same", "wrong"]


@dataclass(frozen=True, slots=True)
class Judged:
    """One row of the file: what would happen, or what is wrong with it."""

    line: int
    label: str
    status: Status
    errors: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Rows by what would happen; ``rows`` are the first, ``gone`` stands and is not in the file."""

    counts: Counter[Status]
    rows: tuple[Judged, ...]
    gone: int = 0

    @classmethod
    def of(cls, rows: Iterable[Judged], *, show: int, standing: int | None = None) -> Preview:
        """Count rows and keep the first ``show``.

        ``standing`` is how many things stand now, for an import that replaces them; without it
        nothing goes. Whoever judges sees to it that no thing is counted twice.
        """
        counts: Counter[Status] = Counter()
        first: list[Judged] = []
        for row in rows:
            counts[row.status] += 1
            if len(first) < show:
                first.append(row)
        kept = counts["same"] + counts["changed"]
        gone = 0 if standing is None else max(0, standing - kept)
        return cls(counts, tuple(first), gone)
