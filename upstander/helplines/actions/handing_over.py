"""Handing over to the backup: they are rung, and it stays whose it is until they have it.

Its alert has an id of its own that follows from the thing's: what is done to a tip meanwhile stills
no phone that rings for its hand-over. No row says who handed what to whom but the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

from django.http import Http404
from django.utils.translation import gettext

from upstander.audit.actions import record
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.escalations.actions.alerts import settle_subject
from upstander.escalations.actions.offers import end_each, lock_alerts, open_offer
from upstander.escalations.models import Alert
from upstander.helplines.shifts import leads_of, staff_on_call
from upstander.matters.models import Folder
from upstander.oncall.reach import names_of
from upstander.people.scope import Viewer, viewing
from upstander.tips.actions.writing import notify, record_on
from upstander.tips.models import Tip
from upstander.tips.states import TipState

#: Which folders are handed over; each has its page at ``/<kind>s/<id>``.
KINDS: Final = ("contact", "client")


@dataclass(frozen=True, slots=True)
class Handed:
    """What is handed over: a tip, a contact, or a client."""

    row: Tip | Folder
    alert: Alert | None

    @property
    def id(self) -> UUID:
        """The id of its hand-over."""
        return uuid5(self.row.pk, "hand-over")

    @property
    def path(self) -> str:
        """Its own page."""
        kind = "tip" if isinstance(self.row, Tip) else self.row.kind
        return f"/{kind}s/{self.row.pk}"


def handed(key: UUID) -> Handed:
    """Return what a hand-over's id or a thing's own means; inside ``viewing``. Raises Http404."""
    alert = Alert.objects.filter(subject_id=key).order_by("-opened_at").first()
    ours = alert is not None and alert.page == "handovers"
    folders = Folder.objects.filter(kind__in=KINDS)
    of = {"matter_id": alert.matter_id} if alert is not None and ours else {"pk": key}
    rows: list[Tip | Folder] = [*Tip.objects.filter(**of), *folders.filter(**of)]
    for row in rows:
        one = Handed(row, None)
        if key in (one.id, row.pk):
            running = Alert.objects.filter(subject_id=one.id).exclude(state=Alert.State.ENDED)
            return Handed(row, running.first())
    raise Http404


def ask(viewer: Viewer, key: UUID, *, supervisor: bool = False) -> str:
    """Ring the backup, or the supervisor, to take something over; returns their names.

    Then the desk and its supervisor, until somebody has it. Raises Http404, Refused for a tip that
    is not one's own, and where somebody is rung already.
    """
    with viewing(viewer) as now:
        one, me = handed(key), viewer.person_id
        if isinstance(one.row, Tip) and one.row.claimed_by != me:
            raise Refused(gettext("You don’t have this tip: there is nothing to hand over."))
        if one.alert is not None:
            raise Refused(gettext("Phones ring for it already."))
        centers = [own.center_id for own in viewer.memberships if own.center_id is not None]
        people = [] if supervisor else staff_on_call(centers[0], me)[1]
        people = people or [pk for pk in leads_of(centers[0]) if pk != me]
        open_offer(
            subject_id=one.id,
            matter_id=one.row.matter_id,
            reference=f"H-{one.id.hex[:6].upper()}",
            district_id=one.row.district_id,
            people=people,
            now=now,
            page="handovers",
        )
        record("hand-over asked", **_of(viewer, one))
        return ", ".join(names_of(people[:1]).values()) or gettext("the desk")


def have_it(viewer: Viewer, key: UUID) -> str:
    """Say that one has it: a tip is the viewer's from now on; returns where it stands.

    Raises Http404, Refused where nobody asks any more, or one may take nothing new now.
    """
    with viewing(viewer) as now:
        one = handed(key)
        alerts = lock_alerts(one.id)
        if not alerts:
            raise Refused(gettext("Somebody has it already, or nobody asks any more."))
        if isinstance(one.row, Tip):
            _claim(one.row.pk, viewer, now)
        end_each([*alerts.values()])
        record("handed over", **_of(viewer, one))
    if isinstance(one.row, Tip):
        notify(one.row.pk)
    return one.path


def keep_it(viewer: Viewer, key: UUID) -> str:
    """Keep what one wanted to hand over: nobody is rung any more.

    Raises Http404, Refused where it is not the viewer's, or nobody asks any more.
    """
    with viewing(viewer):
        one = handed(key)
        alerts = lock_alerts(one.id)
        if not alerts or not is_own(viewer, one):
            raise Refused(gettext("It isn’t yours to keep. Whoever was rung is rung still."))
        end_each([*alerts.values()])
        record("hand-over kept", **_of(viewer, one))
    return one.path


def is_own(viewer: Viewer, one: Handed) -> bool:
    """Tell whether it is the viewer's until somebody has it: their tip, or a folder they handed.

    Call inside ``viewing``.
    """
    if isinstance(one.row, Tip):
        return one.row.claimed_by == viewer.person_id
    asked = Entry.objects.filter(action="hand-over asked", subject_id=str(one.row.pk))
    return asked.order_by("-pk").values_list("actor_id", flat=True).first() == viewer.person_id


def _claim(tip_id: UUID, viewer: Viewer, now: datetime) -> None:
    tip = Tip.objects.select_for_update().get(pk=tip_id)
    if tip.state != TipState.CLAIMED:
        return
    previous, tip.claimed_by = tip.claimed_by, viewer.person_id
    tip.claimed_at = tip.changed_at = now
    tip.save(update_fields=["claimed_by", "claimed_at", "changed_at"])
    settle_subject(tip.pk, viewer.person_id, now, waits_since=tip.waiting_since)
    record_on(tip, "tip taken over", viewer, previous=previous)


def _of(viewer: Viewer, one: Handed) -> dict[str, Any]:
    return {
        "actor": viewer,
        "subject_kind": "tip" if isinstance(one.row, Tip) else one.row.kind,
        "subject_id": one.row.pk,
        "district_id": one.row.district_id,
        "matter_id": one.row.matter_id,
    }
