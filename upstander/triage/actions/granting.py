"""Sealing one of a tip's secrets to those who shall hold it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from upstander.matters.folders import holders_for
from upstander.matters.people_near import Near
from upstander.people.keys import sealable, version_in
from upstander.people.models import Team
from upstander.people.roles import TeamKind
from upstander.tips.models import Tip
from upstander.tips.opening import OpenTip
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


def grant_handoff(
    opened: OpenTip,
    tip: Tip,
    handoff_id: UUID,
    case_secret: bytes,
    holders: Sequence[tuple[str, str]],
    *,
    but: Collection[Near],
) -> None:
    """Seal a hand-off's case and its tip's dialog to whom it goes, and to the district's office.

    The office may open it only once the escalation has come to it. Nobody of ``but`` is granted
    either. ``tip`` is the row as locked; call inside ``viewing``.
    """
    office = Team.objects.filter(kind=TeamKind.DISTRICT, district_id=tip.district_id)
    offices = holders_for(tip.matter_id, office, but={one.person_id for one in but})
    granted = list(dict.fromkeys([*holders, *offices]))
    grant(tip, Audience.DIALOG, tip.pk, opened.secrets[Audience.DIALOG], granted)
    grant(tip, Audience.CASE, handoff_id, case_secret, granted)


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
