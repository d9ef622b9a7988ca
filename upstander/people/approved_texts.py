"""Somebody named has read a text as it stands: what is kept of that, and when it still holds.

docs/mechanisms/approved-text.md says how an app uses it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Iterable

from django.db import models


class Approval(models.Model):
    """The part of a row that says who approved what a text was then, or took that back.

    Rows are only added to: the last one of a text counts, while the text is as it was.
    """

    #: SHA-256 of what was read.
    digest = models.CharField(max_length=64)
    #: False: this row takes an earlier one back.
    stands = models.BooleanField()
    person_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        abstract = True

    def holds_for(self, digest: str) -> bool:
        """Tell whether it is an approval of a text that has this digest now."""
        return self.stands and self.digest == digest


class Approvals[K: Hashable, A: Approval]:
    """The last word on each text of an app. Made inside ``viewing``: one query."""

    def __init__(self, rows: Iterable[A], key: Callable[[A], K]) -> None:
        """Take the rows from the oldest to the newest, and what tells whose they are."""
        self._last: dict[K, A] = {key(row): row for row in rows}

    def of(self, key: K, digest: str) -> A | None:
        """Return the approval of a text as it stands; None if it has none, or changed since.

        What comes back as None is not shown to the public, and to staff with a mark only.
        """
        row = self._last.get(key)
        return row if row is not None and row.holds_for(digest) else None

    def people(self) -> set[int]:
        """Return who approved anything that stands."""
        return {row.person_id for row in self._last.values() if row.stands}


def digest_of(text: bytes | str) -> str:
    """Return what a text is known by: hex SHA-256 of its bytes, of a string in UTF-8."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()
