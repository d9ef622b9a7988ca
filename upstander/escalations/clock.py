"""What falls due: steps become pages, pages are sent. Single steps that say how much they did.

A page is claimed with a lease and a token and that is committed; then it is sent; and it is
finished only if the token still matches. An expired lease means that it is sent again: a duplicate
beats a loss.
"""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Q

from upstander.carriers.email import CarrierError, send_page
from upstander.escalations.actions import reopen
from upstander.escalations.models import Acknowledgement, Alert, Page, Step
from upstander.escalations.queries import database_now
from upstander.places.keys import mac_holder
from upstander.places.models import District, Membership, Person
from upstander.places.roles import TeamKind

#: How long a claim on a page stands, in seconds, before another worker may take it. Longer than
#: one send can take: the mail server has 10 s for each of its few answers.
LEASE = 60
#: After a failed attempt a page is tried again, ever slower, at most this often.
MAX_ATTEMPTS = 6
#: One sweep sends no longer than this (s), so that the other sweeps get their turn.
SWEEP_SECONDS = 20.0
_BATCH = 50

#: Due steps and their alerts, locked. The database's now(), so that the partial index is used. The
#: alert too, and never waiting: whoever answers locks the alert first and then its steps, and a
#: page's foreign key locks the alert, so that either order alone would end in a deadlock.
DUE_STEPS = (
    "SELECT s.id FROM escalations_step s JOIN escalations_alert a ON a.id = s.alert_id"
    " WHERE s.state = 'due' AND s.due_at <= api.clock_now() ORDER BY s.due_at, s.id LIMIT %s"
    " FOR UPDATE OF s, a SKIP LOCKED"
)


def sweep_steps() -> int:
    """Turn due steps into pages; returns how many steps were worked off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(DUE_STEPS, [_BATCH])
        ids = [row[0] for row in cursor.fetchall()]
        # Steps and pages are both rows here, so one transaction does both: no lease is needed.
        for step in Step.objects.select_related("alert").filter(pk__in=ids).order_by("due_at"):
            _work_off(step)
    return len(ids)


def _work_off(step: Step) -> None:
    """Write the pages of a due step, and say when it or its successor is due next."""
    alert, now = step.alert, database_now()
    if alert.state != Alert.State.OPEN:
        step.state = Step.State.CANCELLED
        step.save(update_fields=["state"])
        return
    people = _people(alert, step.target)
    for person_id in people:
        Page.objects.get_or_create(
            alert_id=alert.pk,
            step_number=step.number,
            person_id=person_id,
            channel="email",
            round=step.round,
            defaults={"district_id": alert.district_id, "due_at": now},
        )
    if step.repeat_seconds:
        step.due_at = now + timedelta(seconds=step.repeat_seconds)
        step.round = step.round + 1
    else:
        step.state = Step.State.DONE
    step.save(update_fields=["due_at", "round", "state"])
    if not people:
        _hurry(alert.pk, step.number)


def _hurry(alert_id: UUID, after: int) -> None:
    """Let the step after one that reached nobody begin now: silence is not waited out."""
    following = (
        Step.objects.filter(alert_id=alert_id, state=Step.State.DUE, number__gt=after)
        .order_by("number")
        .first()
    )
    if following is not None:
        now = database_now()
        Step.objects.filter(pk=following.pk, state=Step.State.DUE, due_at__gt=now).update(
            due_at=now
        )


def sweep_pages() -> int:
    """Send due pages, life safety first; returns how many attempts were made."""
    token, began = uuid4(), time.monotonic()
    claim_pages(token)
    pages = list(
        Page.objects.select_related("alert").filter(lease_token=token, state=Page.State.DUE)
    )
    pages.sort(key=lambda page: (page.alert.priority != "life_safety", page.due_at))
    people = Person.objects.in_bulk({page.person_id for page in pages})
    made = 0
    for page in pages:
        if time.monotonic() - began > SWEEP_SECONDS:
            break
        # Each gets a whole lease of its own: others may have taken long before it.
        if renew_lease(page, token):
            send_claimed(page, token, people.get(page.person_id))
            made += 1
    # What was claimed and not begun can be taken at once.
    Page.objects.filter(lease_token=token, state=Page.State.DUE).update(
        lease_until=None, lease_token=None
    )
    return made


def claim_pages(token: UUID) -> None:
    """Claim due pages under ``token``, as one statement that commits by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE escalations_page SET lease_token = %s,"
            " lease_until = api.clock_now() + make_interval(secs => %s)"
            " WHERE id IN (SELECT p.id FROM escalations_page p"
            " JOIN escalations_alert a ON a.id = p.alert_id"
            " WHERE p.state = 'due' AND p.due_at <= api.clock_now()"
            " AND (p.lease_until IS NULL OR p.lease_until < api.clock_now())"
            " ORDER BY a.priority = 'life_safety' DESC, p.due_at LIMIT %s"
            " FOR UPDATE OF p SKIP LOCKED)",
            [token, LEASE, _BATCH],
        )


def renew_lease(page: Page, token: UUID) -> bool:
    """Count an attempt and lengthen the claim just before sending; False if it is another's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE escalations_page SET attempts = attempts + 1,"
            " lease_until = api.clock_now() + make_interval(secs => %s)"
            " WHERE id = %s AND lease_token = %s AND state = 'due' RETURNING attempts",
            [LEASE, page.pk, token],
        )
        row = cursor.fetchone()
    if row is not None:
        page.attempts = row[0]
    return row is not None


def send_claimed(page: Page, token: UUID, person: Person | None) -> None:
    """Send one claimed page and write down what became of it, if the claim still stands."""
    mine = Page.objects.filter(pk=page.pk, lease_token=token)
    # Read again: an answer may have come while the pages before this one were sent.
    alert = Alert.objects.get(pk=page.alert_id)
    if (
        alert.state != Alert.State.OPEN
        or person is None
        or not person.is_active
        or mac_holder(person.pk) in _barred(alert)
    ):
        mine.update(state=Page.State.CANCELLED, lease_until=None, lease_token=None)
        return
    try:
        send_page(
            person.email,
            reference=alert.reference,
            priority=alert.priority,
            subject_id=alert.subject_id,
            page_id=page.pk,
        )
    except CarrierError as error:
        over = error.permanent or page.attempts >= MAX_ATTEMPTS
        wait = timedelta(seconds=min(15 * 2 ** (page.attempts - 1), 900))
        # Not if it was cancelled meanwhile: an answered alert is not asked again.
        mine.filter(state=Page.State.DUE).update(
            state=Page.State.FAILED if over else Page.State.DUE,
            reason=str(error)[:200],
            due_at=database_now() + wait,
            lease_until=None,
            lease_token=None,
        )
        if over:
            _hurry_if_none_reached(page)
    else:
        # Also where it was cancelled meanwhile: it did go out, and the page says so.
        mine.update(
            state=Page.State.SENT,
            sent_at=database_now(),
            reason="",
            lease_until=None,
            lease_token=None,
        )


def _hurry_if_none_reached(page: Page) -> None:
    """Go on at once when a step's every page has failed for good."""
    siblings = Page.objects.filter(
        alert_id=page.alert_id, step_number=page.step_number, round=page.round
    )
    if not siblings.filter(state__in=(Page.State.DUE, Page.State.SENT)).exists():
        _hurry(page.alert_id, page.step_number)


def _people(alert: Alert, target: str) -> list[int]:
    """Return whom a step asks: nobody who is barred, gone, or has said that they cannot."""
    district = District.objects.get(pk=alert.district_id)
    active = Membership.objects.filter(person__is_active=True)
    if target == "district":
        members = active.filter(team__kind=TeamKind.DISTRICT, team__district_id=district.pk)
    elif target == "center":
        members = active.filter(team__kind=TeamKind.CENTER, team__center_id=district.center_id)
    else:
        teams = [int(h[5:]) for h in alert.holders if h.startswith("team:")]
        macs = {h for h in alert.holders if h.startswith("mac:")}
        members = active.filter(team_id__in=teams)
        if macs:
            near = active.filter(
                Q(team__district_id=district.pk) | Q(team__center_id=district.center_id)
            )
            named = [p for p in near.values_list("person_id", flat=True) if mac_holder(p) in macs]
            members = active.filter(Q(team_id__in=teams) | Q(person_id__in=named))
    barred = _barred(alert)
    latest = dict(
        Acknowledgement.objects.filter(alert_id=alert.pk)
        .order_by("number")
        .values_list("person_id", "answer")
    )
    return sorted(
        person
        for person in set(members.values_list("person_id", flat=True))
        if mac_holder(person) not in barred and latest.get(person) != Acknowledgement.Answer.CANNOT
    )


def _barred(alert: Alert) -> frozenset[str]:
    """Return the mac holders of those who are barred from the alert's matter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.bars_of(%s)", [alert.matter_id])
        row = cursor.fetchone()
    return frozenset(f"mac:{bytes(mac).hex()}" for mac in (row[0] if row else []))


def overdue_next_steps() -> int:
    """Reopen alerts whose taker wrote down no next step in time; returns how many.

    "I have it" and then silence is silence: the escalation goes on where it stood.
    """
    with transaction.atomic():
        now = database_now()
        due = list(
            Alert.objects.select_for_update(skip_locked=True).filter(
                state=Alert.State.ACKNOWLEDGED, next_step_due_at__lte=now
            )[:_BATCH]
        )
        for alert in due:
            reopen(alert, now)
    return len(due)
