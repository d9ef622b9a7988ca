"""The figure that the doors publish: how long it usually takes until somebody reads."""

from __future__ import annotations

from typing import Final

from upstander.plug import Figure

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
)
