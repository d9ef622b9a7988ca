"""Asking named people one after the other to go somewhere, then the desk, until one has it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from upstander.escalations.actions.alerts import end_alerts
from upstander.escalations.actions.steps import add_steps
from upstander.escalations.models import Alert, Page, Step
from upstander.escalations.policy import Situation
from upstander.intake.priority import Priority

#: How long (s) somebody is asked before the next is too, and the desk before its supervisor.
NEXT_PERSON: Final = 180
SUPERVISOR: Final = 120


def open_offer(
    *,
    subject_id: UUID,
    matter_id: UUID,
    reference: str,
    district_id: int,
    people: Sequence[int],
    now: datetime,
    page: str,
    supervisor: int = SUPERVISOR,
    crowded: int = False,
) -> Alert:
    """Ask ``people`` in this order, then the desk and its supervisor; call inside a transaction.

    Without people the desk is asked at once; its supervisor ``supervisor`` seconds after it. The
    worker's steps do the rest, over and over, until somebody has it; whoever says that they can't
    lets the next be asked at once. The district is one that the desk's center serves. ``crowded``:
    it is said after those in which a life is in danger, and never makes one of them wait.
    """
    alert = Alert.objects.create(
        id=uuid4(),
        subject_id=subject_id,
        matter_id=matter_id,
        reference=reference,
        district_id=district_id,
        priority=Priority.LIFE_SAFETY.value,
        holders=[],
        opened_at=now,
        stage=Alert.Stage.CENTER,
        situation=Situation.SOON.value,
        center_only=True,
        crowded=bool(crowded),
        page=page,
    )
    desk = len(people) * NEXT_PERSON
    plan = [(n * NEXT_PERSON, f"person:{one}") for n, one in enumerate(people)]
    plan += [(desk, "center"), (desk + supervisor, "supervisor")]
    add_steps(
        alert,
        [
            Step(
                target=target,
                due_at=now + timedelta(seconds=after),
                after_seconds=after,
                repeat_seconds=desk + 2 * SUPERVISOR,
            )
            for after, target in plan
        ],
    )
    return alert


def lock_alerts(subject_id: UUID) -> dict[UUID, Alert]:
    """Lock a subject's running alerts, before anything of its own is; by id."""
    running = Alert.objects.select_for_update().filter(subject_id=subject_id)
    return {one.pk: one for one in running.exclude(state=Alert.State.ENDED).order_by("pk")}


def end_each(alerts: Iterable[Alert]) -> None:
    """End these alerts of a subject, and leave its others."""
    for one in alerts:
        end_alerts(one.subject_id, only=one.pk)


def asked_of(alerts: Iterable[UUID | None]) -> dict[UUID, list[int]]:
    """Return who has been asked about each of these alerts so far, the first before the next."""
    pages = Page.objects.filter(alert_id__in=[one for one in alerts if one]).order_by(
        "due_at", "pk"
    )
    found: dict[UUID, dict[int, None]] = {}
    for alert, person in pages.values_list("alert_id", "person_id"):
        found.setdefault(alert, {})[person] = None
    return {alert: list(people) for alert, people in found.items()}
