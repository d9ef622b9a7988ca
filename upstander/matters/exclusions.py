"""From whom a matter is kept, as whoever makes people's opaque codes reads it.

An exclusion holds no code: it holds a hash over a code and the matter that it was set on, so that
nobody who has the table alone sees that two matters are kept from the same person. Where a matter
takes over another's exclusions they stay as they were, each with the matter that it is bound to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Self
from uuid import UUID

from upstander.matters.models import Exclusion
from upstander.vault.bound import bound


class Exclusions:
    """Exclusions of matters: ``person_mac(person) in exclusions`` tells whether they name them."""

    __slots__ = ("_marks",)

    def __init__(self, rows: Iterable[tuple[UUID | None, bytes | memoryview]]) -> None:
        self._marks: defaultdict[UUID, set[bytes]] = defaultdict(set)
        for to, mark in rows:
            if to is not None:  # the database binds each as it is stored
                self._marks[to].add(bytes(mark))

    @classmethod
    def on(cls, matters: Collection[UUID]) -> Self:
        """Read the exclusions of these matters; call inside ``viewing``."""
        rows = Exclusion.objects.filter(matter_id__in=list(matters))
        return cls(rows.values_list("bound_to", "person_mac"))

    @classmethod
    def told(cls, packed: Iterable[bytes | memoryview] | None) -> Self:
        """Read exclusions as the database's functions tell them: what each is bound to, and it."""
        return cls((UUID(bytes=bytes(one)[:16]), bytes(one)[16:]) for one in packed or ())

    def __contains__(self, code: bytes) -> bool:
        return any(bound(code, to) in marks for to, marks in self._marks.items())

    def __bool__(self) -> bool:
        return bool(self._marks)
