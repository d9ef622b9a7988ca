"""What falls due: steps become pages, pages are sent. Single steps that say how much they did.

A row is claimed with a lease and a token and that is committed; then the work is done; and it is
finished only if the token still matches. An expired lease means that it is done again: a duplicate
beats a loss.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.db import connection, transaction
from django.db.models import F, Q

from upstander.carriers.email import CarrierError, send_page
from upstander.escalations.models import Alert, Page, Step
from upstander.escalations.queries import database_now
from upstander.places.keys import mac_holder
from upstander.places.models import District, Membership, Person
from upstander.places.roles import TeamKind

#: How long a claim on a row stands before another worker may take it.
LEASE = timedelta(seconds=30)
#: After a failed attempt a page is tried again, ever slower, at most this often.
MAX_ATTEMPTS = 6
_BATCH = 50


def sweep_steps() -> int:
    """Turn due steps into pages; returns how many steps were worked off."""
    with transaction.atomic(), connection.cursor() as cursor:
        # The database's now(), so that the partial index on due times is used.
        cursor.execute(
            "SELECT s.id FROM escalations_step s WHERE s.state = 'due'"
            " AND s.due_at <= api.clock_now() ORDER BY s.due_at LIMIT %s"
            " FOR UPDATE SKIP LOCKED",
            [_BATCH],
        )
        ids = [row[0] for row in cursor.fetchall()]
        now = database_now()
        # Steps and pages are both rows here, so one transaction does both: no lease is needed.
        for step in Step.objects.select_related("alert").filter(pk__in=ids):
            alert = step.alert
            if alert.state != Alert.State.OPEN:
                step.state = Step.State.CANCELLED
                step.save(update_fields=["state"])
                continue
            for person_id in _people(alert, step.target):
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
    return len(ids)


def sweep_pages() -> int:
    """Send due pages; returns how many attempts were made."""
    token = uuid4()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE escalations_page SET lease_until = api.clock_now() + %s, lease_token = %s,"
            " attempts = attempts + 1 WHERE id IN (SELECT id FROM escalations_page"
            " WHERE state = 'due' AND due_at <= api.clock_now()"
            " AND (lease_until IS NULL OR lease_until < api.clock_now())"
            " ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED)",
            [LEASE, token, _BATCH],
        )
    pages = list(Page.objects.select_related("alert").filter(lease_token=token, state="due"))
    people = Person.objects.in_bulk({page.person_id for page in pages})
    for page in pages:
        now = database_now()
        mine = Page.objects.filter(pk=page.pk, lease_token=token)
        person = people.get(page.person_id)
        if page.alert.state != Alert.State.OPEN or person is None or not person.is_active:
            mine.update(state=Page.State.CANCELLED)
            continue
        try:
            send_page(
                person.email,
                reference=page.alert.reference,
                priority=page.alert.priority,
                subject_id=page.alert.subject_id,
                page_id=page.pk,
            )
        except CarrierError as error:
            wait = timedelta(seconds=min(15 * 2**page.attempts, 900))
            over = error.permanent or page.attempts >= MAX_ATTEMPTS
            mine.update(
                state=Page.State.FAILED if over else Page.State.DUE,
                reason=str(error)[:200],
                due_at=now + wait,
                lease_until=None,
            )
        else:
            mine.update(state=Page.State.SENT, sent_at=now, reason="")
    return len(pages)


def _people(alert: Alert, target: str) -> list[int]:
    """Return whom a step asks. Nobody who is barred from the matter: holders leave them out."""
    district = District.objects.get(pk=alert.district_id)
    if target == "district":
        members = Membership.objects.filter(
            team__kind=TeamKind.DISTRICT, team__district_id=district.pk
        )
    elif target == "center":
        members = Membership.objects.filter(
            team__kind=TeamKind.CENTER, team__center_id=district.center_id
        )
    else:
        teams = [int(h[5:]) for h in alert.holders if h.startswith("team:")]
        macs = {h for h in alert.holders if h.startswith("mac:")}
        members = Membership.objects.filter(team_id__in=teams)
        if macs:
            near = Membership.objects.filter(
                Q(team__district_id=district.pk) | Q(team__center_id=district.center_id)
            )
            members = near.filter(
                person_id__in=[
                    p for p in near.values_list("person_id", flat=True) if mac_holder(p) in macs
                ]
            )
    barred = _barred(alert)
    people = [p for p in members.values_list("person_id", flat=True) if mac_holder(p) not in barred]
    return sorted(set(people))


def _barred(alert: Alert) -> frozenset[str]:
    """Return the mac holders of those who are barred from the alert's matter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.bars_of(%s)", [alert.matter_id])
        row = cursor.fetchone()
    return frozenset(f"mac:{bytes(mac).hex()}" for mac in (row[0] if row else []))


def overdue_next_steps() -> int:
    """Reopen alerts whose taker wrote down no next step in time; returns how many.

    "I have it" and then silence is silence: the escalation resumes where it stood.
    """
    with transaction.atomic():
        due = list(
            Alert.objects.select_for_update(skip_locked=True).filter(
                state=Alert.State.ACKNOWLEDGED,
                priority="life_safety",
                next_step_due_at__lte=database_now(),
            )[:_BATCH]
        )
        for alert in due:
            alert.state = Alert.State.OPEN
            alert.next_step_due_at = None
            alert.save(update_fields=["state", "next_step_due_at"])
            last = alert.steps.order_by("-number").first()
            if last is not None:
                Step.objects.filter(pk=last.pk).update(
                    state=Step.State.DUE, due_at=database_now(), round=F("round") + 1
                )
    return len(due)
