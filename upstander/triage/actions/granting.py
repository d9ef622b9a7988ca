"""Sealing one of a tip's secrets to those who shall hold it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from upstander.people.keys import sealable, version_in
from upstander.tips.models import Tip
from upstander.vault.grants import make_grant
from upstander.vault.models import Grant
from upstander.vault.seeds import Audience


def grant(
    tip: Tip,
    audience: Audience,
    handoff_id: UUID,
    secret: bytes,
    holders: Iterable[tuple[str, str]],
) -> int:
    """Seal one secret to holders that have no grant of it yet; call inside ``viewing``.

    The center can't see others' grants, so the database's unique constraint decides: a holder who
    has one keeps it. Returns to how many it may be sealed (``places.keys.sealable``).
    """
    rows = sealed_to(tip, audience, handoff_id, secret, holders)
    Grant.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def sealed_to(
    tip: Tip,
    audience: Audience,
    handoff_id: UUID,
    secret: bytes,
    holders: Iterable[tuple[str, str]],
) -> list[Grant]:
    """Return a secret's grants to holders, not written yet; call inside ``viewing``."""
    return [
        Grant(
            tip_id=tip.pk,
            district_id=tip.district_id,
            audience=audience,
            handoff_id=handoff_id,
            holder=holder,
            key_version=version_in(holder, key),
            blob=make_grant(
                secret,
                tip=tip.pk,
                audience=audience,
                holder=holder,
                version=version_in(holder, key),
                public=bytes(key.public),
            ),
        )
        for holder, key in sealable(holders)
    ]
