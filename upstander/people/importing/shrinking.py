"""Whether an import leaves so much less than what stood that somebody else has to agree.

A wrong export (one school instead of all, a filter left on) looks like any other, and what it takes
away is missed on the night it is needed.
"""

from __future__ import annotations

from typing import Final

#: What must be left of what stood, in percent, or somebody else has to agree.
FLOOR: Final = 80


def shrinks(standing: int, coming: int) -> bool:
    """Tell whether an import of ``coming`` leaves less than 80 % of the ``standing``."""
    return coming * 100 < standing * FLOOR
