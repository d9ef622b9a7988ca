"""The reporter said that somebody must not see a tip: until that is settled nobody hands it off.

Who it is stands sealed among the answers, in a child's words ("the coach"): only a person can say
whom it means. So the center says who that is and keeps them out, or says by name why nobody has to
be; an exclusion that was set for another reason settles nothing. Reading, replying, the center's
own pages and 911 wait for nothing of this. The database holds the same (``tips_handing_waits``).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext, gettext_lazy

from upstander.base.refused import Refused
from upstander.matters.exclusions import Exclusions
from upstander.people.keys import person_mac
from upstander.people.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import notify, record_on, write_turn
from upstander.tips.envelopes import seal_words
from upstander.tips.models import Settled, Tip
from upstander.tips.opening import OpenTip
from upstander.tips.queries import names_of
from upstander.vault.seeds import Audience

#: Said to a team that would show it to somebody else meanwhile: it may be they, by words that no
#: name meets.
NOBODY_NEW: Final = gettext_lazy(
    "No one new can be given access now. The center must settle first who must not see this."
)


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
            gettext(
                "The reporter said that someone must not see this. First keep them out, or say "
                "why no one has to be kept out; then %(then)s."
            )
            % {"then": then}
        )
    if waiting:
        references = ", ".join(one.reference for one in waiting)
        raise Refused(
            gettext(
                "This is linked to %(references)s, where the reporter said that someone must not "
                "see it. First settle it there; then %(then)s."
            )
            % {"references": references, "then": then}
        )


def is_held(tip_id: UUID) -> bool:
    """Tell whether a tip is a talk that the center keeps to itself; the worker asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.tip_is_held(%s)", [tip_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def matter_unsettled(matter_id: UUID) -> bool:
    """Tell whether any tip of a matter waits for that; call inside ``viewing`` or as the worker."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.matter_unsettled(%s)", [matter_id])
        row = cursor.fetchone()
    return bool(row and row[0])


def settle_meant(opened: OpenTip, people: Collection[int], *, said: int | None = None) -> None:
    """Say by name whom the reporter means: all of them are kept out already, for this or else.

    An exclusion alone settles nothing, as it may have another reason; whom it was is kept as a note
    of the center's. ``said``: the ``not_see_turn`` up to which whoever says so has read it, if that
    is not what was opened. One durable transaction. Raises Http404, NotGranted, Refused.
    """
    viewer = opened.viewer
    with viewing(viewer):
        excluded = Exclusions.on([opened.tip.matter_id])
        names = names_of(people)
    if not people or any(person_mac(person) not in excluded for person in people):
        raise Refused(gettext("Keep them out first: choose who must not see it."))
    named = ", ".join(sorted(names.get(person, gettext("Someone")) for person in people))
    text = gettext("Whom the reporter means, kept out: %(names)s") % {"names": named}
    _settle(opened, Settled.How.KEPT_OUT, text, said)


def dismiss_not_see(opened: OpenTip, reason: str, *, said: int | None = None) -> None:
    """Say by name why nobody has to be kept out; the reason stays as a note of the center's.

    ``said`` as above. One durable transaction. Raises Http404, NotGranted, Refused (no reason, or
    nothing to settle).
    """
    if not reason.strip():
        raise Refused(gettext("Say why no one has to be kept out."))
    text = gettext("Nobody has to be kept out: %(reason)s") % {"reason": reason.strip()}
    _settle(opened, Settled.How.DISMISSED, text, said)


def _settle(opened: OpenTip, how: Settled.How, text: str, said: int | None) -> None:
    viewer, tip_id, row_id = opened.viewer, opened.tip.pk, uuid4()
    sealed = seal_words(
        opened.seed(Audience.CENTER), purpose="note", tip=tip_id, row=row_id, words=text
    )
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        if not is_unsettled(tip):
            raise Refused(gettext("This is already settled."))
        if tip.not_see_turn != (opened.tip.not_see_turn if said is None else said):
            raise Refused(gettext("More has been said about who must not see it. Read that first."))
        write_turn(tip, viewer, row_id, sealed, now)
        tip.save(update_fields=["turns"])
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
    notify(tip_id)
