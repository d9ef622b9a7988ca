"""Who has a tip outside the center, and how much of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from upstander.tips.models import Recipient, Tip


def receive(tip: Tip, holders: Iterable[str], now: datetime, *, with_words: bool) -> None:
    """Write down who has a tip from ``now`` (UTC) on; call inside ``viewing``.

    ``holders`` are names bound to the tip (``people.keys.bound_name``). Whoever had it without the
    reporter's own words keeps their turn, and reads the words from now on if they go along.
    """
    for holder in holders:
        recipient, _ = Recipient.objects.get_or_create(
            tip_id=tip.pk,
            holder=holder,
            defaults={
                "district_id": tip.district_id,
                "since": now,
                "since_turn": tip.turns,
                "with_words": with_words,
            },
        )
        if with_words and not recipient.with_words:
            recipient.with_words = True
            recipient.save(update_fields=["with_words"])
