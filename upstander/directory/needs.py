"""The helping services by what somebody needs, in the order in which it should be found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from upstander.directory.cards import Card, mark_of
from upstander.directory.models import Kind

#: So many of a need stand on the safety page; the rest are one press away. The page stays as long
#: as it is, whatever a State, a district or an app adds.
SHOWN = 2


@dataclass(frozen=True, slots=True)
class Need:
    """One need, and who helps with it: a district's own order within it."""

    kind: str
    words: str
    cards: tuple[Card, ...]

    @property
    def mark(self) -> str:
        """What stands for it in an address."""
        return mark_of(self.kind)

    @property
    def shown(self) -> tuple[Card, ...]:
        """Those that stand on the safety page."""
        return self.cards[:SHOWN]

    @property
    def has_more(self) -> bool:
        """Whether some stand on the need's own page alone."""
        return len(self.cards) > SHOWN

    @property
    def waits(self) -> bool:
        """Whether what is said of one of them waits for somebody to confirm it."""
        return any(not card.confirmed for card in self.cards)


def needs_of(cards: Iterable[Card]) -> tuple[Need, ...]:
    """The needs for which there is help, each with its services."""
    listed = tuple(cards)
    found = (tuple(card for card in listed if card.kind == kind) for kind in Kind.values)
    return tuple(Need(some[0].kind, some[0].kind_word, some) for some in found if some)
