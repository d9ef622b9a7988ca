"""The reporter said that somebody must not see a tip: until that is settled nobody hands it off.

Who it is stands sealed among the answers, in a child's words ("the coach"): only a person can say
whom it means. So the center keeps somebody out, or says by name why nobody has to be. Reading,
replying, the center's own pages and 911 wait for nothing of this. The database holds the same
(``tips_handing_waits``).
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from django.db import connection

from upstander.base.refused import Refused
from upstander.places.models import MatterBar
from upstander.places.scope import Viewer, viewing
from upstander.tips.access import tip_for
from upstander.tips.actions import poke, record_on
from upstander.tips.envelopes import seal_words
from upstander.tips.models import Note, Settled, Tip
from upstander.tips.opening import OpenTip
from upstander.vault.seeds import Audience


def is_unsettled(tip: Tip) -> bool:
    """Tell whether who must not see a tip waits to be settled; call inside a center's viewing."""
    return tip.not_see and not Settled.objects.filter(tip_id=tip.pk).exists()


def matter_unsettled(matter_id: UUID) -> bool:
    """Tell whether any tip of a matter waits for that; call inside ``viewing`` or as the worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.matter_unsettled(%s)", [matter_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def settle_kept_out(tip: Tip, viewer: Viewer, now: datetime) -> bool:
    """Settle it, as somebody is kept out now; call in the center's ``viewing`` that keeps them out.

    False: there was nothing to settle. ``now`` is the database's (UTC).
    """
    if not is_unsettled(tip):
        return False
    _settle(tip, viewer, Settled.How.KEPT_OUT, now)
    return True


def settle_by_bars(opened: OpenTip) -> None:
    """Say that those who are kept out already are who the reporter means. Raises Http404, Refused.

    For whom another page kept out (a report, a linked tip): the form doesn't offer them again.
    """
    viewer = opened.viewer
    with viewing(viewer) as now:
        tip = tip_for(viewer, opened.tip.pk, lock=True)
        if not MatterBar.objects.filter(matter_id=tip.matter_id).exists():
            raise Refused("Nobody is kept out of this yet: choose who must not see it.")
        settle_kept_out(tip, viewer, now)
    poke(opened.tip.pk)


def dismiss_not_see(opened: OpenTip, reason: str) -> None:
    """Say by name why nobody has to be kept out; the reason stays as a note of the center's.

    One durable transaction. Raises Http404, NotGranted, Refused (no reason, or nothing to settle).
    """
    if not reason.strip():
        raise Refused("Say why nobody has to be kept out.")
    viewer, tip_id, row_id = opened.viewer, opened.tip.pk, uuid4()
    text = f"Nobody has to be kept out: {reason.strip()}"
    sealed = seal_words(
        opened.seed(Audience.CENTER), purpose="note", tip=tip_id, row=row_id, words=text
    )
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        if not is_unsettled(tip):
            raise Refused("This is settled already.")
        tip.turns += 1
        tip.save(update_fields=["turns"])
        Note.objects.create(
            id=row_id,
            tip_id=tip.pk,
            district_id=tip.district_id,
            audience=Audience.CENTER,
            circle=tip.pk,
            person_id=viewer.person_id,
            sealed=sealed,
            at=now,
            turn=tip.turns,
        )
        _settle(tip, viewer, Settled.How.DISMISSED, now, note_id=row_id)
    poke(tip_id)


def _settle(
    tip: Tip, viewer: Viewer, how: Settled.How, now: datetime, note_id: UUID | None = None
) -> None:
    Settled.objects.create(
        tip_id=tip.pk,
        district_id=tip.district_id,
        how=how,
        person_id=viewer.person_id,
        note_id=note_id,
        at=now,
    )
    record_on(tip, "who must not see it: settled", viewer, how=how.value)
