"""The reporter said that somebody must not see a tip: until that is settled nobody hands it off.

Who it is stands sealed among the answers, in a child's words ("the coach"): only a person can say
whom it means. So the center says who that is and keeps them out, or says by name why nobody has to
be; a bar that was set for another reason settles nothing. Reading, replying, the center's own pages
and 911 wait for nothing of this. The database holds the same (``tips_handing_waits``).
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Exists, OuterRef

from upstander.base.refused import Refused
from upstander.places.bars import Bars
from upstander.places.keys import person_mac
from upstander.places.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.actions import poke, record_on
from upstander.tips.envelopes import seal_words
from upstander.tips.models import Note, Settled, Tip
from upstander.tips.opening import OpenTip
from upstander.tips.queries import names_of
from upstander.vault.seeds import Audience


def is_unsettled(tip: Tip) -> bool:
    """Tell whether who must not see this tip waits to be settled; inside a center's viewing.

    What was settled counts for what had been said by then.
    """
    settled = Settled.objects.filter(tip_id=tip.pk, turn__gte=tip.not_see_turn)
    return tip.not_see and not settled.exists()


def waiting_with(tip: Tip) -> list[Tip]:
    """Return which tips of its matter wait to be settled, itself among them; as above."""
    settled = Settled.objects.filter(tip_id=OuterRef("pk"), turn__gte=OuterRef("not_see_turn"))
    waiting = Tip.objects.filter(~Exists(settled), matter_id=tip.matter_id, not_see=True)
    return list(waiting.order_by("received_at", "pk"))


def need_settled(tip: Tip, then: str) -> None:
    """Refuse what waits for that, in words; ``then``: what can be done afterwards. As above.

    Raises Refused.
    """
    waiting = waiting_with(tip)
    if any(one.pk == tip.pk for one in waiting):
        raise Refused(
            "The reporter said that somebody must not see this. First keep them out, or say why "
            f"nobody has to be: then {then}."
        )
    if waiting:
        references = ", ".join(one.reference for one in waiting)
        raise Refused(
            f"This is linked to {references}, where the reporter said that somebody must not see "
            f"it. First settle that there: then {then}."
        )


def matter_unsettled(matter_id: UUID) -> bool:
    """Tell whether any tip of a matter waits for that; call inside ``viewing`` or as the worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.matter_unsettled(%s)", [matter_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def settle_meant(opened: OpenTip, people: Collection[int], *, said: int | None = None) -> None:
    """Say by name whom the reporter means: all of them are kept out already, for this or else.

    A bar alone settles nothing, as it may have another reason; whom it was is kept as a note of
    the center's. ``said``: the ``not_see_turn`` up to which whoever says so has read it, if that
    is not what was opened. One durable transaction. Raises Http404, NotGranted, Refused.
    """
    viewer = opened.viewer
    with viewing(viewer):
        barred = Bars.on([opened.tip.matter_id])
        names = names_of(people)
    if not people or any(person_mac(person) not in barred for person in people):
        raise Refused("Keep them out first: choose who must not see it.")
    named = ", ".join(sorted(names.get(person, "Somebody") for person in people))
    _settle(opened, Settled.How.KEPT_OUT, f"Whom the reporter means, kept out: {named}", said)


def dismiss_not_see(opened: OpenTip, reason: str, *, said: int | None = None) -> None:
    """Say by name why nobody has to be kept out; the reason stays as a note of the center's.

    ``said`` as above. One durable transaction. Raises Http404, NotGranted, Refused (no reason, or
    nothing to settle).
    """
    if not reason.strip():
        raise Refused("Say why nobody has to be kept out.")
    _settle(opened, Settled.How.DISMISSED, f"Nobody has to be kept out: {reason.strip()}", said)


def _settle(opened: OpenTip, how: Settled.How, text: str, said: int | None) -> None:
    viewer, tip_id, row_id = opened.viewer, opened.tip.pk, uuid4()
    sealed = seal_words(
        opened.seed(Audience.CENTER), purpose="note", tip=tip_id, row=row_id, words=text
    )
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        if not is_unsettled(tip):
            raise Refused("This is settled already.")
        if tip.not_see_turn != (opened.tip.not_see_turn if said is None else said):
            raise Refused("More was said meanwhile of who must not see it: read it first.")
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
        Settled.objects.create(
            tip_id=tip.pk,
            district_id=tip.district_id,
            how=how,
            person_id=viewer.person_id,
            note_id=row_id,
            turn=tip.not_see_turn,
            at=now,
        )
        record_on(tip, "who must not see it: settled", viewer, how=how.value)
    poke(tip_id)
