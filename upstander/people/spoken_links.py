"""Spoken words tried with a link: each try counts before its work, so that ten are never more.

docs/mechanisms/one-use-link.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from upstander.people.links import LinkOver
from upstander.people.turns import turn
from upstander.vault.errors import InvitationBroken


@contextmanager
def tried(tell: Callable[[str], object]) -> Iterator[None]:
    """Hold a turn for a try that is counted already; taken back unless its words were wrong.

    ``tell`` writes "try" and then "right" or "wrong", each at once; it answers to "try" with
    nothing where ten have been, or are under way. Raises LinkOver, Busy.
    """
    if not tell("try"):
        raise LinkOver
    came = "right"
    try:
        with turn():
            yield
    except InvitationBroken:
        came = "wrong"
        raise
    finally:
        tell(came)
