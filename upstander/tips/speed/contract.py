"""What both ways of the intake promise: the quick one and the plain one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

#: What may be handed over. Cast where a function takes a smaller whole number than bigint.
type Value = bytes | UUID | str | int | bool | None

#: Tells the desks which tips changed: ids with a space between them.
HINT = "SELECT pg_notify('tips', tip) FROM string_to_table($1, ' ') AS tip"


class Away(Exception):
    """The database could not be asked, or refused. What was asked for was not done."""


class Page(Protocol):
    """A rendered page with slots for what differs each time."""

    def filled(self, values: Mapping[str, str]) -> bytes:
        """Return the page. ``values`` are already escaped. Raises KeyError for a slot left out."""
        ...

    def gzipped(self, values: Mapping[str, str]) -> bytes | None:
        """Return the page as gzip; None where it is left to the site to compress it."""
        ...
