"""Claiming tips in the same words: one at once, the next held for two minutes, clocks and all."""

from __future__ import annotations

from uuid import UUID

from upstander.base.refused import Refused
from upstander.people.scope import Viewer, viewing
from upstander.tips.actions.writing import notify, record_on
from upstander.tips.models import Tip
from upstander.tips.states import TipState
from upstander.triage.actions.work import AlreadyClaimed, claim_tip
from upstander.triage.queries import centers_of
from upstander.triage.together import held_for, together


def claim_alike(viewer: Viewer, first_id: UUID) -> list[UUID]:
    """Claim the first of tips in the same words, hold the next: ``AT_ONCE`` in all; return them.

    Only the first, which is opened now, has somebody: the clocks of the others go on until each is
    opened, and after ``together.HELD`` they are nobody's again. Raises Http404, AlreadyClaimed,
    Refused.
    """
    with viewing(viewer):
        fold = together(centers_of(viewer)).get(first_id)
    # Who comes second at the first of them holds none of the others.
    claim_tip(viewer, first_id)
    others = fold.tips[1:] if fold else ()
    with viewing(viewer) as now:
        # Whatever somebody else holds at this moment is left to them.
        rows = Tip.objects.select_for_update(skip_locked=True).filter(
            pk__in=others, state=TipState.NEW
        )
        held = [tip for tip in rows if held_for(tip, now) in (None, viewer.person_id)]
        for tip in held:
            tip.claimed_by, tip.claimed_at, tip.changed_at = viewer.person_id, now, now
            tip.save(update_fields=["claimed_by", "claimed_at", "changed_at"])
            record_on(tip, "tip held", viewer)
    for tip in held:
        notify(tip.pk)
    return [first_id, *(tip.pk for tip in held)]


def claim_held(viewer: Viewer, tip: Tip) -> bool:
    """Claim a tip that was held for the viewer and is opened now; tell whether it is theirs."""
    with viewing(viewer) as now:
        if held_for(tip, now) != viewer.person_id:
            return False
    try:
        claim_tip(viewer, tip.pk)
    except (AlreadyClaimed, Refused):
        return False
    return True
