"""When a family is asked whether it helped: pure, in UTC."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

#: After how long the family is asked, counted from the referral.
ASKED_AFTER: Final = (timedelta(days=7), timedelta(days=30))
#: Whom nobody reached is tried again after so long.
AGAIN: Final = timedelta(days=2)
#: An agency that has not answered for so long is asked again; after as long again whoever referred
#: them is told, and calls it.
SILENT: Final = timedelta(days=2)
#: So long a place is held for a family.
HELD: Final = timedelta(hours=1)
#: The longest time for which an agency may read what it was told.
CONSENT: Final = timedelta(days=45)


def next_ask(made_at: datetime, now: datetime) -> datetime:
    """Return when the family is asked next: 7 and 30 days after, then each 30 days."""
    for after in ASKED_AFTER:
        if made_at + after > now:
            return made_at + after
    return now + ASKED_AFTER[-1]


def ask_again(now: datetime) -> datetime:
    """Return when somebody tries again whom nobody reached."""
    return now + AGAIN
