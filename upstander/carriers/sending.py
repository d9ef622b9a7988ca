"""Carrying one message to one address: written before it is tried, and by another when one fails.

Call ``deliver`` outside of any transaction, from any thread. It raises nothing that a provider can
cause: what happened is in its outcome and in the deliveries.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, transaction

from upstander.base.moment import database_second
from upstander.carriers import health
from upstander.carriers.addresses import digit_mac, seal_carried
from upstander.carriers.contract import Carrier, CarrierError, Outgoing
from upstander.carriers.models import Channel, ContactMethod, Delivery, Inbound
from upstander.carriers.providers import carriers_for
from upstander.carriers.queries import silent
from upstander.rulefiles import RuleFileWrong

__all__ = [
    "Outcome",
    "Outgoing",
    "cancel_asks",
    "cancel_calls",
    "deliver",
    "mark_done",
    "mark_told",
]

log = logging.getLogger("upstander.carriers")

#: Seconds after which a provider that has said nothing of an order is asked.
POLL_AFTER = 15
#: What a person can answer.
_ASKS = frozenset({Delivery.Purpose.PAGE, Delivery.Purpose.DRILL, Delivery.Purpose.SYNTHETIC})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message so far: ``accepted`` by a provider, or ``failed`` at all of them.

    ``delivery_id`` names the chain of attempts (``Delivery.chain``); None when none was made.
    """

    state: str
    reason: str
    permanent: bool
    delivery_id: UUID | None


def deliver(
    method: ContactMethod,
    outgoing: Outgoing,
    *,
    avoid: frozenset[str] = frozenset(),
    chain: UUID | None = None,
) -> Outcome:
    """Carry a message, trying each provider of the channel in turn until one takes it.

    ``avoid`` leaves providers out; ``chain`` continues one that another provider was silent about.
    When all refuse and one says that the address is no good, the method is marked as broken.
    Nothing but a code that they ask for themselves goes to whose phone must make no sound.
    """
    if outgoing.purpose != Delivery.Purpose.VERIFY and method.person_id in silent():
        return Outcome("failed", "nothing rings there now", True, chain)
    try:
        ways = health.in_order(carriers_for(method.kind), method.kind)
    except RuleFileWrong:
        log.exception("the providers' file can't be used")
        return Outcome("failed", "the providers' file can't be used", False, chain)
    outcome = Outcome("failed", "no provider carries this", False, chain)
    broken = ""
    for carrier in ways:
        if carrier.name in avoid:
            continue
        row = _written(carrier, method, outgoing, chain)
        chain = row.chain
        try:
            ref = carrier.send(method.address, outgoing, row.pk)
        except CarrierError as error:
            broken = broken or error.broken
            outcome = _failed(row, str(error), permanent=error.permanent)
            # A bad number is not the provider's fault.
            if not error.permanent:
                health.note(carrier.name, method.kind, ok=False)
        except Exception as error:
            # Whatever it is, the other provider may do better.
            log.exception("%s broke while it carried a message", carrier.name)
            outcome = _failed(row, f"broke ({type(error).__name__})", permanent=False)
            health.note(carrier.name, method.kind, ok=False)
        else:
            _accepted(row, ref, reports=carrier.reports)
            health.note(carrier.name, method.kind, ok=True)
            return Outcome("accepted", "", False, row.chain)
    if broken and method.pk is not None:
        mark_broken(method.pk, broken)
        return Outcome("failed", outcome.reason, True, outcome.delivery_id)
    return outcome


def mark_broken(method_id: int, reason: str) -> None:
    """Note that an address is no good; the lead is told by a sweep."""
    ContactMethod.objects.filter(pk=method_id, broken_at=None).update(
        broken_at=database_second(), broken_reason=reason, broken_told=False
    )


def cancel_asks(for_ids: Iterable[UUID]) -> None:
    """Let a bare "1" mean these no more, as somebody has them; call inside the transaction.

    What still rings for them is hung up by a sweep. An answer that names them still counts.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.carrier_close(%s)", [list(for_ids)])


def cancel_calls(chains: Iterable[UUID]) -> None:
    """Let these alone ask nobody any more; what still rings of them is hung up by a sweep."""
    Delivery.objects.filter(chain__in=list(chains)).update(open=False)


def mark_told(delivery_ids: Iterable[UUID]) -> None:
    """Note that the app above knows how these ended."""
    Delivery.objects.filter(pk__in=list(delivery_ids)).update(told=True)


def mark_done(inbound_ids: Iterable[int]) -> int:
    """Note that these answers need nothing more; return how many were still open."""
    return Inbound.objects.filter(pk__in=list(inbound_ids), done=False).update(done=True)


def _written(
    carrier: Carrier, method: ContactMethod, outgoing: Outgoing, chain: UUID | None
) -> Delivery:
    """Write an attempt down, committed before it is made."""
    now, pk = database_second(), uuid4()
    ask = outgoing.ask and outgoing.for_id is not None and outgoing.purpose in _ASKS
    row = Delivery(
        id=pk,
        chain=chain or pk,
        for_id=outgoing.for_id,
        purpose=outgoing.purpose,
        person_id=method.person_id,
        method_id=method.pk,
        channel=method.kind,
        provider=carrier.name,
        code=outgoing.code if ask else "",
        needs_code=ask and outgoing.needs_code,
        open=ask,
        attempted_at=now,
        changed_at=now,
        sealed=seal_carried(pk, outgoing) if carrier.reports else None,
        digit_mac=digit_mac(pk, method.digit)
        if ask and method.kind == Channel.VOICE and method.digit
        else None,
        # If this process dies now, a sweep finds what it left; until then it is in no hurry.
        poll_at=now + timedelta(seconds=2 * POLL_AFTER),
    )
    with transaction.atomic(durable=True):
        row.save(force_insert=True)
    return row


def _failed(row: Delivery, reason: str, *, permanent: bool) -> Outcome:
    """Note a refusal. Told: whoever called hears of it, or another attempt follows."""
    Delivery.objects.filter(pk=row.pk, state=Delivery.State.TRYING).update(
        state=Delivery.State.FAILED,
        reason=reason[:80],
        changed_at=database_second(),
        told=True,
        open=False,
        sealed=None,
        poll_at=None,
    )
    return Outcome("failed", reason, permanent, row.chain)


def _accepted(row: Delivery, ref: str, *, reports: bool) -> None:
    """Note that a provider took it, unless it has said more already: receipts may be faster."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE carriers_delivery SET provider_ref = %s,"
                " changed_at = date_trunc('second', api.clock_now()),"
                " state = CASE WHEN state IN ('trying', 'unknown') THEN 'accepted' ELSE state END,"
                " poll_at = CASE WHEN %s AND state IN ('trying', 'unknown', 'accepted')"
                " THEN api.clock_now() + make_interval(secs => %s) END"
                " WHERE id = %s",
                [ref, reports, POLL_AFTER, row.pk],
            )
    except IntegrityError:
        # It gave one id to two orders. The message may have gone; what it reports can't be trusted.
        log.warning("%s gave an id that another order has", row.provider)
        Delivery.objects.filter(pk=row.pk).update(state=Delivery.State.ACCEPTED, poll_at=None)
