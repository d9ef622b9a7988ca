"""A link that is good once: what its row keeps, and how it ends. Its page: ``link_pages``.

docs/mechanisms/one-use-link.md says how an app makes one.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db import models

#: Wrong words or codes tried with a link; this many end it.
MOST_MISSES: Final = 10


class LinkOver(Exception):
    """The link was used, taken back, has run out or was tried too often: it opens nothing."""


class LinkState(StrEnum):
    """Where a link stands."""

    #: Nothing was sent yet.
    UNSENT = "proposed"
    WAITING = "waiting"
    USED = "used"
    OVER = "over"


class OneUseLink(models.Model):
    """The part of a row that makes it a link for one use; the secret is in no column and no log.

    What it is for, and whose, are the columns of the model that has it.
    """

    #: SHA-256 of the link's secret part (vault.links); gone once it was used.
    link_hash = models.BinaryField(max_length=32, null=True, unique=True)
    #: What was tried in vain. MOST_MISSES end it.
    misses = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def link_state(self, now: datetime) -> LinkState:
        """Return where the link stands at a time of the database's clock."""
        if self.used_at is not None:
            return LinkState.USED
        if self.expires_at is None:
            return LinkState.UNSENT
        if self.link_hash is None or self.expires_at <= now or self.misses >= MOST_MISSES:
            return LinkState.OVER
        return LinkState.WAITING
