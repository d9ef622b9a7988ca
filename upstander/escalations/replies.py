"""What comes back: answers become acknowledgements, and failed calls let the next begin."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from upstander.base.moment import database_now
from upstander.carriers.models import Delivery, Inbound
from upstander.carriers.notices import tell
from upstander.carriers.queries import inbound_due, untold
from upstander.carriers.sending import mark_told
from upstander.escalations.actions.alerts import answer_alert, was_asked
from upstander.escalations.actions.asking import ring
from upstander.escalations.models import Acknowledgement, Alert, Page
from upstander.escalations.sending import hurry_if_none_reached
from upstander.escalations.targets import concerns, excluded_from
from upstander.people.keys import person_mac
from upstander.people.scope import Staff
from upstander.plug import may_not_take

_BATCH = 50
#: What is kept of an attempt that reached nobody; ``shown.py`` says it on the page.
_REASONS: dict[str, str] = {
    Delivery.State.BUSY: "busy",
    Delivery.State.NO_ANSWER: "no answer",
    Delivery.State.MACHINE: "answering machine",
    Delivery.State.UNKNOWN: "no delivery report",
}


def sweep_answers() -> int:
    """Turn what people replied into acknowledgements; returns how many were worked off.

    An answer for something that is no alert is left for whoever knows it.
    """
    done = 0
    for inbound in inbound_due(_BATCH):
        if inbound.for_id is None:
            # Not understood, or unclear which alert was meant: the carrier has asked back.
            Inbound.objects.filter(pk=inbound.pk).update(done=True)
            done += 1
        elif Alert.objects.filter(pk=inbound.for_id).exists():
            done += _answer(inbound, inbound.for_id)
    return done


def _answer(inbound: Inbound, alert_id: UUID) -> int:
    """Answer one alert in the name of whoever replied; 0 where somebody else holds its lock."""
    with transaction.atomic():
        alert = Alert.objects.select_for_update(skip_locked=True).filter(pk=alert_id).first()
        mine = (
            Inbound.objects.select_for_update(skip_locked=True)
            .filter(pk=inbound.pk, done=False)
            .first()
        )
        if alert is None or mine is None:
            return 0
        Inbound.objects.filter(pk=mine.pk).update(done=True)
        if mine.answer == Inbound.Answer.TRIED and alert.state == Alert.State.OPEN:
            ring(alert, mine.person_id, database_now())
            tell(mine.person_id, "wrong_codes")
        if mine.answer in Acknowledgement.Answer.values and _may_answer(
            alert, mine.person_id, takes=mine.answer == Acknowledgement.Answer.HAVE_IT
        ):
            answer_alert(
                alert,
                mine.person_id,
                Acknowledgement.Answer(mine.answer),
                actor=Staff(mine.person_id),
                via=mine.kind,
                now=database_now(),
            )
    return 1


def _may_answer(alert: Alert, person_id: int, *, takes: bool) -> bool:
    """Tell whether somebody's reply counts: they were asked, and are neither gone nor excluded.

    ``takes``: nor may they take nothing new at a center now, unless it is theirs already.
    """
    if takes and alert.stage == Alert.Stage.CENTER and alert.acknowledged_by != person_id:
        takes = not may_not_take([person_id])
    else:
        takes = True
    return (
        takes
        and was_asked(alert, person_id)
        and person_mac(person_id) not in excluded_from(alert)
        and concerns(alert, person_id)
    )


def sweep_outcomes() -> int:
    """Note on pages what became of them after a provider took them; returns how many were told.

    Busy, no answer, a machine: nobody was reached. Where a step's every page ended so, the next
    begins at once.
    """
    ended = untold(_BATCH)
    for delivery in ended:
        if delivery.state in _REASONS or delivery.state == Delivery.State.FAILED:
            _failed(delivery)
        mark_told([delivery.pk])
    return len(ended)


def _failed(delivery: Delivery) -> None:
    # Of a chain of attempts the last one counts: another provider may have taken it since.
    newest = Delivery.objects.filter(chain=delivery.chain).order_by("-attempted_at", "-pk").first()
    if newest is None or newest.pk != delivery.pk:
        return
    # One message may have told of several steps, and a mail of several alerts.
    sent = Page.objects.filter(delivery_id=delivery.chain, state=Page.State.SENT)
    for alert_id in set(sent.values_list("alert_id", flat=True)):
        with transaction.atomic():
            alert = Alert.objects.select_for_update().get(pk=alert_id)
            pages = list(sent.filter(alert_id=alert_id))
            Page.objects.filter(pk__in=[page.pk for page in pages], state=Page.State.SENT).update(
                state=Page.State.FAILED,
                reason=(_REASONS.get(delivery.state) or delivery.reason or "failed")[:200],
            )
            for page in pages:
                page.alert = alert
                hurry_if_none_reached(page)
