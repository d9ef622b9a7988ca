"""The two clocks of a callout: from the decision to go, and from the first call. Pure, in UTC.

The state counts from the decision; the family counts from its call. Both are always shown. What the
family chose for later has no clock of its decision: it is counted apart, and never as in time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Within so long somebody is with the child; from so long on it may become too late.
WITHIN: Final = timedelta(minutes=45)
SOON: Final = timedelta(minutes=30)


#: How a clock stands, from bad to good: what it is called, and its tone (colour and shape).
STANDINGS: Final[dict[str, tuple[str | Promise, str]]] = {
    "late": (_("over 45 minutes"), "late"),
    "will_be_late": (_("will be over 45 minutes"), "late"),
    "soon": (_("over 30 minutes"), "waiting"),
    "in_time": (_("in time"), "working"),
    "there": (_("was there in time"), "done"),
    "there_late": (_("was there late"), "closed"),
}


@dataclass(frozen=True, slots=True)
class Clock:
    """One of the two: whole minutes, begun ones left out, and how it stands."""

    minutes: int
    standing: str

    @property
    def words(self) -> str:
        """How it stands, in words."""
        return str(STANDINGS[self.standing][0])

    @property
    def tone(self) -> str:
        """Its colour and shape."""
        return STANDINGS[self.standing][1]


def clock(
    begun: datetime | None,
    now: datetime,
    *,
    eta: datetime | None = None,
    arrived: datetime | None = None,
) -> Clock | None:
    """Return how long it has been since ``begun``, or was until somebody arrived; None: no clock.

    ``eta``: when they will be there; what can be known to be late is said before it is.
    """
    if begun is None:
        return None
    ran = (arrived or now) - begun
    minutes = int(ran.total_seconds() // 60)
    if arrived is not None:
        return Clock(minutes, "there" if ran <= WITHIN else "there_late")
    if ran > WITHIN:
        return Clock(minutes, "late")
    if max(eta or now, now) - begun > WITHIN:
        return Clock(minutes, "will_be_late")
    return Clock(minutes, "soon" if ran > SOON else "in_time")


def late_at(begun: datetime, eta: datetime | None) -> datetime:
    """Return what a board is sorted by: when 45 minutes are over, less what the way takes beyond.

    Who will be late stands before who only might be.
    """
    limit = begun + WITHIN
    return limit - max(eta - limit, timedelta()) if eta else limit
