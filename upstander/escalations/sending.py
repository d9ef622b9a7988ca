"""Pages go out: claimed with a lease, sent outside of any transaction, finished if it stands.

An attempt is written before it is made. A lease that ran out means sent again, by whoever finds it:
a duplicate beats a loss. Senders renew theirs every second, so that what a killed one held is
taken over within seconds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Lock
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils.translation import gettext

from upstander.base.moment import database_now
from upstander.carriers import listing, notices, texts
from upstander.carriers.contract import Outgoing
from upstander.carriers.models import Channel
from upstander.carriers.queries import code_for, methods_of
from upstander.carriers.sending import cancel_calls, deliver
from upstander.carriers.visits import in_words_of
from upstander.escalations.line import (
    breathe,
    claim_next,
    move_on,
    untaken,
    waiting,
    with_callers,
)
from upstander.escalations.line_models import Turn
from upstander.escalations.models import Alert, Cause, Page, Step, Task
from upstander.escalations.sweeps import hurry, wanted
from upstander.escalations.targets import excluded_from
from upstander.intake.priority import Priority
from upstander.people.keys import person_mac
from upstander.people.models import Person

log = logging.getLogger("upstander.escalations")

#: How long (s) a claim stands without being renewed, and how often its holder renews it.
LEASE, RENEW = 3.0, 1.0
#: Pages that are sent at the same time: they wait for providers, not for us.
SENDERS = 12
#: After a failed attempt a page is tried again, ever slower, at most this often.
MAX_ATTEMPTS = 6
_BATCH = 50
#: So many a mail tells of: whoever is told by mail alone waits for the next, a minute each.
_LISTED = 500


def claim_pages(token: UUID, limit: int = _BATCH) -> list[UUID]:
    """Claim under ``token`` what is due: the next page of each person's line on each way.

    Returns their ids in the order in which they are to be sent.
    """
    with transaction.atomic():
        return claim_next(token, limit, LEASE)


def renew_leases(held: Iterable[tuple[UUID, UUID]]) -> None:
    """Lengthen claims, given as (page, token), unless somebody else has taken them over."""
    pairs = list(held)
    if not pairs:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE escalations_page p SET"
            " lease_until = api.clock_now() + make_interval(secs => %s)"
            " FROM unnest(%s::uuid[], %s::uuid[]) AS held (page, token)"
            " WHERE p.id = held.page AND p.lease_token = held.token AND p.state = 'due'",
            [LEASE, [page for page, _ in pairs], [token for _, token in pairs]],
        )


def begin_attempt(page_id: UUID, token: UUID) -> Page | None:
    """Count an attempt and lengthen the claim just before sending; None if it is another's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE escalations_page SET attempts = attempts + 1,"
            " lease_until = api.clock_now() + make_interval(secs => %s)"
            " WHERE id = %s AND lease_token = %s AND state = 'due' RETURNING id",
            [LEASE, page_id, token],
        )
        if cursor.fetchone() is None:
            return None
    # Read now: an answer may have come since the claim.
    return Page.objects.select_related("alert").get(pk=page_id)


def send_page(page_id: UUID, token: UUID) -> bool:
    """Send one claimed page and write down what became of it; False if the claim was lost."""
    page = begin_attempt(page_id, token)
    if page is None:
        return False
    alert, person = page.alert, Person.objects.filter(pk=page.person_id, is_active=True).first()
    if (
        person is None
        or not _still_wanted(page, alert)
        or person_mac(page.person_id) in excluded_from(alert)
    ):
        _finish(page, token, state=Page.State.CANCELLED)
        return True
    methods = [m for m in methods_of([person.pk]).get(person.pk, []) if m.kind == page.channel]
    if not methods:
        _failed(page, token, gettext("this contact method is no longer set up"), over=True)
        return True
    if page.channel == Channel.VOICE and person.pk in with_callers():
        # They came between the claim and now: it stays due.
        _finish(page, token)
        return True
    second = _asks_second(page)
    listed = [] if second else _listed(page)
    message = _second(person, alert) if second else _message(person, alert, page, listed)
    outcomes = [deliver(method, message) for method in methods]
    accepted = [one for one in outcomes if one.state == "accepted"]
    if accepted:
        _said(page, token, accepted[0].delivery_id, [] if second else [alert, *listed])
        if page.channel == Channel.VOICE:
            _end_if_taken(page, [one.delivery_id for one in accepted])
        return True
    _failed(
        page,
        token,
        outcomes[0].reason,
        over=all(one.permanent for one in outcomes) or page.attempts >= MAX_ATTEMPTS,
    )
    return True


def _end_if_taken(page: Page, calls: Iterable[UUID | None]) -> None:
    """Let a call end for whose alert somebody said that they have it while it was being ordered."""
    if not _still_wanted(page, Alert.objects.get(pk=page.alert_id)):
        cancel_calls(call for call in calls if call is not None)


def _still_wanted(page: Page, alert: Alert) -> bool:
    return wanted(page.cause, alert, task=_task_of(page))


def _task_of(page: Page) -> Task | None:
    """Return the task that a page is about, where it is about one."""
    if page.cause != Cause.TASK:
        return None
    steps = Step.objects.select_related("task").filter(alert_id=page.alert_id)
    found = steps.filter(number=page.step_number).first()
    return found.task if found is not None else None


def _asks_second(page: Page) -> bool:
    """Tell whether a page asks for a second person: "I have it" answers nothing of that."""
    return page.turn == Turn.ASKED


def _second(person: Person, alert: Alert) -> Outgoing:
    """Write the page that asks for a second person: its link opens the tip, where it is decided."""
    codes = {"reference": alert.reference, "tip": str(alert.subject_id)}
    return notices.bundle(person, [("second_person", codes)], urgent=True)


def _listed(page: Page) -> list[Alert]:
    """Return which alerts a mail tells of beside its own: all that wait for the same person.

    At most so many that it can be read; the others are in the next.
    """
    if page.channel != Channel.EMAIL:
        return []
    others = Page.objects.select_related("alert").filter(
        person_id=page.person_id,
        channel=page.channel,
        state=Page.State.DUE,
        due_at__lte=database_now(),
    )
    found: dict[UUID, Alert] = {}
    others = others.exclude(alert_id=page.alert_id).exclude(turn=Turn.ASKED)
    for other in others.order_by("turn", "due_at", "pk")[:_LISTED]:
        if (
            other.alert_id not in found
            and _still_wanted(other, other.alert)
            and person_mac(page.person_id) not in excluded_from(other.alert)
        ):
            found[other.alert_id] = other.alert
    return list(found.values())


def _message(person: Person, alert: Alert, page: Page, listed: Sequence[Alert]) -> Outgoing:
    more, minutes, lives = 0, 0, 0
    if page.channel != Channel.EMAIL:
        more, minutes = waiting(person.pk, but=alert.pk)
    if page.channel == Channel.VOICE and alert.state == Alert.State.OPEN:
        lives = untaken(person.pk)
    message = texts.page(
        person,
        for_id=alert.pk,
        reference=alert.reference,
        priority=alert.priority,
        subject_id=alert.subject_id,
        code=code_for(alert.pk),
        now=alert.happening_now,
        waiting=more,
        waited=minutes,
        untaken=lives,
    )
    message = in_words_of(alert.page, message)
    if not listed:
        return message
    return listing.of_all(
        message,
        person,
        [listing.Listed(one.pk, one.reference, one.priority) for one in (alert, *listed)],
    )


def _said(page: Page, token: UUID, delivery_id: UUID | None, told_of: Sequence[Alert]) -> None:
    """Note that somebody was told, and with one message of all that was due about these alerts."""
    said = {
        "state": Page.State.SENT,
        "sent_at": database_now(),
        "reason": "",
        "delivery_id": delivery_id,
    }
    with transaction.atomic():
        if _finish(page, token, **said):
            move_on(page.pk, page.person_id, page.channel)
            same = Page.objects.filter(
                alert_id__in=[alert.pk for alert in told_of],
                person_id=page.person_id,
                channel=page.channel,
                state=Page.State.DUE,
                due_at__lte=said["sent_at"],
            )
            # What asks for a second person is a question of its own.
            same = same.exclude(turn=Turn.ASKED)
            # Never waiting: an answer locks pages of its alert in an order of its own. What it
            # holds just now it cancels, or it is said in its turn.
            held = same.select_for_update(skip_locked=True).values_list("pk", flat=True)
            Page.objects.filter(pk__in=list(held)).update(**said)


def _finish(page: Page, token: UUID, **what: object) -> bool:
    """Write how a page ended, if the claim still stands.

    Also where it was cancelled meanwhile: it did go out, and the page says so.
    """
    return bool(
        Page.objects.filter(pk=page.pk, lease_token=token).update(
            lease_until=None, lease_token=None, **what
        )
    )


def _failed(page: Page, token: UUID, reason: str, *, over: bool) -> None:
    """Try again later, ever slower; or give it up, and go on where nobody was reached."""
    first = 5 if page.alert.priority == Priority.LIFE_SAFETY else 15
    wait = timedelta(seconds=min(first * 2 ** (page.attempts - 1), 900))
    # Not if it was cancelled meanwhile: an answered alert is not asked again.
    Page.objects.filter(pk=page.pk, lease_token=token, state=Page.State.DUE).update(
        state=Page.State.FAILED if over else Page.State.DUE,
        reason=reason[:200],
        due_at=database_now() + wait,
        lease_until=None,
        lease_token=None,
    )
    breathe(page.person_id, page.channel)
    if over:
        with transaction.atomic():
            hurry_if_none_reached(page)


def hurry_if_none_reached(page: Page) -> None:
    """Go on at once when a step's every page has failed for good; call inside a transaction."""
    if page.cause != Cause.POLICY:
        return
    alert = Alert.objects.select_for_update().get(pk=page.alert_id)
    siblings = Page.objects.filter(
        alert_id=page.alert_id, step_number=page.step_number, round=page.round
    )
    if (
        alert.state == Alert.State.OPEN
        and not siblings.filter(state__in=(Page.State.DUE, Page.State.SENT)).exists()
    ):
        hurry(alert, page.round, database_now())


def sweep_pages() -> int:
    """Send what is due, one after the other, in this thread; returns how many were tried."""
    made = 0
    while pages := claim_pages(token := uuid4()):
        made += sum([send_page(page, token) for page in pages])
    return made


def seconds_to_next() -> float:
    """Return in how many seconds (at most RENEW / 2) the next page falls due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM min(due_at) - api.clock_now()) FROM escalations_page"
            " WHERE state = 'due' AND due_at > api.clock_now()"
        )
        row = cursor.fetchone()
    until = float(row[0]) if row and row[0] is not None else RENEW
    return min(RENEW / 2, until + 0.005)


class Senders:
    """Threads that send, and the one that feeds them and renews what they hold.

    A provider that takes ten seconds holds up one thread, not the others, and no sweep.
    """

    def __init__(self, threads: int = SENDERS) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="sender")
        self._threads = threads
        self._held: dict[UUID, UUID] = {}
        self._lock = Lock()
        self._renewed = 0.0
        #: Set when a thread has become free, or when there is something new to send.
        self.woken = Event()

    def feed(self) -> int:
        """Claim as many pages as there are free threads and give them out; returns how many.

        A claim that waits in a queue behind slow sends would be nobody's: so none is.
        """
        with self._lock:
            free = self._threads - len(self._held)
        if free <= 0:
            return 0
        token = uuid4()
        pages = claim_pages(token, free)
        for page in pages:
            with self._lock:
                self._held[page] = token
            self._pool.submit(self._send, page, token)
        return len(pages)

    def renew(self) -> None:
        """Lengthen the claims of all that is being sent."""
        self._renewed = time.monotonic()
        with self._lock:
            held = list(self._held.items())
        renew_leases(held)

    def renew_in_time(self) -> int:
        """Renew every RENEW seconds, however often it is called; returns 0: no work was done."""
        if time.monotonic() - self._renewed >= RENEW:
            self.renew()
        return 0

    @property
    def busy(self) -> int:
        """How many pages are being sent now."""
        with self._lock:
            return len(self._held)

    def _send(self, page: UUID, token: UUID) -> None:
        try:
            send_page(page, token)
        except Exception:
            # Whatever it was, the lease runs out and the page is sent again.
            log.exception("a page could not be sent")
            connection.close()
        finally:
            with self._lock:
                if self._held.get(page) == token:
                    del self._held[page]
            self.woken.set()

    def stop(self, patience: float = 15.0) -> None:
        """Wait for what is being sent, so that it is also written down."""
        until = time.monotonic() + patience
        while self.busy and time.monotonic() < until:
            self.renew()
            time.sleep(0.1)
        self._pool.shutdown(wait=False, cancel_futures=True)
