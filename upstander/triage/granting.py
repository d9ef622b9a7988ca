"""Sealing one of a tip's secrets to those who shall hold it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from upstander.places.keys import public_key_of
from upstander.tips.models import Tip
from upstander.vault.grants import make_grant
from upstander.vault.models import Grant
from upstander.vault.seeds import Audience


def grant(
    tip: Tip,
    audience: Audience,
    circle: UUID,
    secret: bytes,
    holders: Iterable[tuple[str, str]],
) -> None:
    """Seal one secret to holders that have no grant of it yet; call inside ``viewing``.

    The center can't see others' grants, so the database's unique constraint decides: a holder who
    has one keeps it.
    """
    rows = []
    for holder, seal_as in holders:
        key = public_key_of(seal_as)
        rows.append(
            Grant(
                tip_id=tip.pk,
                district_id=tip.district_id,
                audience=audience,
                circle=circle,
                holder=holder,
                key_version=key.version,
                blob=make_grant(
                    secret,
                    tip=tip.pk,
                    audience=audience,
                    holder=holder,
                    version=key.version,
                    public=bytes(key.public),
                ),
            )
        )
    Grant.objects.bulk_create(rows, ignore_conflicts=True)
