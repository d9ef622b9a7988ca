"""What falls due in carriers: silence, calls that need ring no more, codes, broken ways.

Single steps that say how much they did. Each takes its rows by a statement that commits before
anything is sent, so that two workers never do the same, and what one left is taken up by another.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction

from upstander.base.moment import database_now, database_second
from upstander.carriers import health, notices, texts
from upstander.carriers.addresses import open_carried
from upstander.carriers.contract import Carrier, CarrierError, Report
from upstander.carriers.models import Channel, ContactMethod, Delivery, ProviderHealth
from upstander.carriers.providers import carrier_named
from upstander.carriers.queries import RINGS, account_method
from upstander.carriers.sending import deliver
from upstander.people.models import Membership, Person
from upstander.people.roles import LEADING

#: One sweep talks to providers no longer than this (s).
SWEEP_SECONDS = 10.0
#: Seconds until a delivery is asked after again, longer each time, and how often at most.
ASK_AGAIN, ASK_MOST = 10, 6
#: After so many questions a provider that still only holds a message is taken for silent.
SILENT_AFTER = 2
_BATCH = 20

_TAKE_SILENT = """
UPDATE carriers_delivery SET polls = polls + 1,
    poll_at = api.clock_now() + make_interval(secs => %s * (polls + 1))
WHERE id IN (SELECT id FROM carriers_delivery WHERE poll_at <= api.clock_now()
             ORDER BY poll_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def sweep_silent() -> int:
    """Ask after what no provider has reported on; returns how many were asked after.

    Where the provider does not answer either, or only keeps the message, the other one is tried and
    the silent one is taken for down.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_SILENT, [ASK_AGAIN, _BATCH])
        ids = [row[0] for row in cursor.fetchall()]
    began = time.monotonic()
    for row in Delivery.objects.filter(pk__in=ids).order_by("attempted_at"):
        if time.monotonic() - began > SWEEP_SECONDS:
            break  # their time comes again
        _ask_after(row)
    return len(ids)


def _ask_after(row: Delivery) -> None:
    if row.state not in (Delivery.State.TRYING, Delivery.State.ACCEPTED):
        Delivery.objects.filter(pk=row.pk).update(poll_at=None)
        return
    carrier = carrier_named(row.provider, row.channel)
    if not row.provider_ref or carrier is None or not carrier.reports:
        # Whoever sent it stopped before it knew. Perhaps it went.
        _give_up(row, "the sender stopped before it knew")
        return
    try:
        report = carrier.ask(row.provider_ref)
    except CarrierError as error:
        if row.polls >= SILENT_AFTER:
            _go_on(row, carrier, str(error))
        return
    health.note(row.provider, row.channel, ok=True)
    _take_report(row, report)
    if report.state == Delivery.State.ACCEPTED and row.polls >= ASK_MOST:
        # It left the provider, and nobody will say more: some networks report nothing.
        Delivery.objects.filter(pk=row.pk).update(poll_at=None, sealed=None)


def _take_report(row: Delivery, report: Report) -> None:
    """Take what was asked for as a receipt: by the same rules, and once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.carrier_receipt(p_provider => %s, p_delivery => %s, p_ref => %s, "
            "p_key => %s, p_state => %s, p_reason => %s, p_broken => %s, p_over => %s)",
            [
                row.provider,
                row.pk,
                row.provider_ref,
                f"{row.provider_ref}:asked:{row.polls}",
                report.state,
                report.reason,
                report.broken,
                report.over,
            ],
        )


def _go_on(row: Delivery, carrier: Carrier, why: str) -> None:
    """Send by the other provider what this one keeps or is silent about."""
    health.note_down(row.provider, row.channel)
    method = _method_of(row)
    if method is None or row.sealed is None or _is_over(row):
        _give_up(row, why)
        return
    outgoing = open_carried(row.pk, bytes(row.sealed))
    outcome = deliver(method, outgoing, avoid=frozenset({carrier.name}), chain=row.chain)
    _give_up(row, why, told=outcome.state == "accepted")


def _is_over(row: Delivery) -> bool:
    """Tell whether nobody needs it any more: an answered page, a code that has run out."""
    old = row.attempted_at < database_now() - timedelta(minutes=10)
    return old or (row.for_id is not None and bool(row.code) and not row.open)


def _give_up(row: Delivery, why: str, *, told: bool = False) -> None:
    Delivery.objects.filter(
        pk=row.pk, state__in=(Delivery.State.TRYING, Delivery.State.ACCEPTED)
    ).update(
        state=Delivery.State.UNKNOWN,
        reason=why[:80],
        changed_at=database_second(),
        poll_at=None,
        sealed=None,
        told=told,
    )


def _method_of(row: Delivery) -> ContactMethod | None:
    if row.method_id is None:
        person = Person.objects.filter(pk=row.person_id, is_active=True).first()
        return account_method(person) if person else None
    return ContactMethod.objects.filter(
        pk=row.method_id, broken_at=None, person__is_active=True
    ).first()


_TAKE_RINGING = """
UPDATE carriers_delivery SET state = 'cancelled', reason = 'answered elsewhere', told = true,
    changed_at = date_trunc('second', api.clock_now()), poll_at = NULL, sealed = NULL
WHERE id IN (SELECT id FROM carriers_delivery
             WHERE poll_at IS NOT NULL AND channel = 'voice' AND state = 'accepted' AND NOT open
               AND code <> '' AND provider_ref <> '' ORDER BY poll_at LIMIT %s
             FOR UPDATE SKIP LOCKED)
RETURNING id, provider, provider_ref
"""


def sweep_ringing() -> int:
    """Hang up what still rings for an alert that somebody has; returns how many calls ended."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_RINGING, [_BATCH])
        calls: list[tuple[UUID, str, str]] = cursor.fetchall()
    for call in calls:
        _end(call)
    return len(calls)


_TAKE_PAGED = """
UPDATE carriers_delivery SET state = 'cancelled', reason = 'made way for a caller', told = true,
    open = false, changed_at = date_trunc('second', api.clock_now()), poll_at = NULL, sealed = NULL
WHERE id IN (SELECT id FROM carriers_delivery
             WHERE person_id = ANY (%s) AND channel = 'voice' AND purpose = 'page'
               AND state = 'accepted' AND provider_ref <> ''
               AND attempted_at > api.clock_now() - make_interval(secs => %s)
             FOR UPDATE SKIP LOCKED)
RETURNING chain, provider, provider_ref
"""


def take_paged(people: Collection[int]) -> list[tuple[UUID, str, str]]:
    """Take what rings at these people's phones for a page, and was not picked up, for ended.

    Returns chain, provider and its reference of each. Call inside the transaction in which its page
    is put back; then hand them to ``hang_up``.
    """
    if not people:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_PAGED, [list(people), RINGS])
        taken: list[tuple[UUID, str, str]] = cursor.fetchall()
    return taken


def hang_up(calls: Collection[tuple[UUID, str, str]]) -> None:
    """Hang up what ``take_paged`` returned, all at once; call outside of any transaction.

    Whoever waits for the phone waits two seconds at most for a provider that hangs.
    """
    if calls:
        pool = ThreadPoolExecutor(len(calls))
        wait([pool.submit(_end, call) for call in calls], timeout=2)
        pool.shutdown(wait=False)


def _end(call: tuple[UUID, str, str]) -> None:
    _, provider, ref = call
    carrier = carrier_named(provider, Channel.VOICE)
    if carrier is not None:
        with suppress(CarrierError):  # it rings a little longer
            carrier.end(ref)


def sweep_codes() -> int:
    """Send the codes by which people prove their ways; returns how many were sent."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE carriers_contactmethod SET code_due_at = NULL WHERE id IN"
            " (SELECT id FROM carriers_contactmethod WHERE code_due_at <= api.clock_now()"
            " ORDER BY code_due_at LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING id",
            [_BATCH],
        )
        ids = [row[0] for row in cursor.fetchall()]
    now = database_now()
    for method in ContactMethod.objects.select_related("person").filter(
        pk__in=ids, code_expires_at__gt=now, person__is_active=True
    ):
        deliver(method, texts.verification(method.person.language, method.code))
    return len(ids)


def sweep_broken() -> int:
    """Tell whose way is broken, and their leads; returns how many ways."""
    with transaction.atomic():
        broken = list(
            ContactMethod.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(broken_at__isnull=False, broken_told=False)
            .order_by("broken_at")[:_BATCH]
        )
        for method in broken:
            notices.tell(method.person_id, "own_method_broken", {"channel": method.kind})
            teams = Membership.objects.filter(person_id=method.person_id).values("team_id")
            leads = (
                Membership.objects.filter(
                    team_id__in=teams, role__in=LEADING, person__is_active=True
                )
                .exclude(person_id=method.person_id)
                .values_list("person_id", flat=True)
                .distinct()
            )
            for lead in leads:
                notices.tell(
                    lead, "method_broken", {"person": method.person_id, "channel": method.kind}
                )
        ContactMethod.objects.filter(pk__in=[m.pk for m in broken]).update(broken_told=True)
    return len(broken)


def sweep_providers() -> int:
    """Ask providers that are down whether they are back; returns how many were asked."""
    now = database_second()
    with transaction.atomic():
        due = list(
            ProviderHealth.objects.select_for_update(skip_locked=True).filter(
                state=ProviderHealth.State.DOWN, retry_at__lte=now
            )[:_BATCH]
        )
        for row in due:
            health.put_off(row, now)
    for row in due:
        carrier = carrier_named(row.provider, row.channel)
        if carrier is None:
            # The file names it no more.
            ProviderHealth.objects.filter(pk=row.pk).update(retry_at=None)
            continue
        try:
            carrier.ping()
        except CarrierError:
            continue
        health.note_back(row.provider, row.channel)
    return len(due)


def sweep_carried() -> int:
    """Forget what was carried an hour ago, where no receipt has said that it is over."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE carriers_delivery SET sealed = NULL WHERE sealed IS NOT NULL"
            " AND attempted_at < api.clock_now() - interval '1 hour'"
        )
        return int(cursor.rowcount)
