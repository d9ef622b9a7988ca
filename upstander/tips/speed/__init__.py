"""The door to the intake's speed machinery. Nobody outside this folder names what lies in it.

Each of these does the same thing in two ways, and ``settings.PLAIN_INTAKE`` says which: see
README.md. Nothing here decides what a tip is or who may read it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from upstander.tips.speed import gateway, kept, plain, processor
from upstander.tips.speed.contract import Away, Page, Value
from upstander.tips.speed.slots import slot


def call(statement: str, values: Sequence[Value]) -> tuple[Any, ...] | None:
    """Run one function of the database (``$1``, ``$2`` … stand for values); return its first row.

    Once more, on a new connection, when the first one broke; so only what may be repeated belongs
    here. Within a transaction of Django's it is a part of that. Raises Away.
    """
    if _quick():
        return gateway.call(statement, values)
    return plain.call(statement, values)


def tell(tip: UUID) -> None:
    """Tell the desks that a tip changed. Raises nothing."""
    if _quick():
        gateway.hints.tell(tip)
    else:
        plain.tell(tip)


class Shelf:
    """Pages by key: kept, the longest unused given up first; or rendered each time."""

    def __init__(self, most: int = kept.MOST_PAGES) -> None:
        self._kept = kept.Shelf(most)

    def page(self, key: Hashable, render: Callable[[], str]) -> Page:
        """Return the page under ``key``, rendered if it isn't there. The key holds all inputs."""
        return (plain if settings.PLAIN_INTAKE else self._kept).page(key, render)

    def clear(self) -> None:
        """Give up all pages (tests)."""
        self._kept.clear()


def take_one(family: str = "upstander") -> int | None:
    """Keep this process on a processor of its own; return its number, None where it has none."""
    if settings.PLAIN_INTAKE or not settings.PUBLIC_PIN:
        return None
    return processor.take_one(family)


def spread() -> None:
    """Let the calling thread, and processes it starts, run anywhere again: for long work."""
    processor.spread()


def _quick() -> bool:
    # Only the public process has connections of its own; a test or a command has a transaction,
    # and so has a door that files a tip with what belongs to it: all of it is kept, or none.
    return (
        settings.PROCESS == "public"
        and not settings.PLAIN_INTAKE
        and not connection.in_atomic_block
    )


__all__ = ["Away", "Page", "Shelf", "Value", "call", "slot", "spread", "take_one", "tell"]
