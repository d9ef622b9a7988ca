"""Whom a step asks, as pages: one for each person and way, and one for whoever has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Max

from upstander.carriers.models import Delivery
from upstander.carriers.notices import tell
from upstander.carriers.queries import methods_of
from upstander.escalations.actions.alerts import reopen, was_asked
from upstander.escalations.line_models import Turn
from upstander.escalations.models import Acknowledgement, Alert, Cause, Page, Step
from upstander.escalations.targets import excluded_from
from upstander.intake.priority import Priority
from upstander.oncall.rules import Way, ways
from upstander.people.keys import person_mac

#: So much later (s) than others whoever has a tip is rung for a task of it.
HOLDER_LATER = 120


def ask(alert: Alert, step: Step, people: Sequence[int], now: datetime) -> int:
    """Write a step's pages, one for each person and way; returns how many people are asked."""
    made = pages_for(
        alert,
        people,
        now,
        cause=step.cause,
        step_number=step.number,
        round_number=step.round,
        # Nobody knows yet that it is no danger to a life, or police wait for a word: as that rings.
        as_life=step.cause == Cause.UNREAD or step.turn == Turn.ASKED,
    )
    if step.target == "fallback":
        # The last phone there is: by every way at once.
        for page in made:
            page.due_at = now
    if step.cause in (Cause.TASK, Cause.UNREAD) and step.round == 1:
        # Whoever has the tip has task or words before them: they are rung once it is really late.
        for page in made:
            if page.person_id == alert.acknowledged_by:
                page.due_at += timedelta(seconds=HOLDER_LATER)
    # Whoever has not been told of the round before, as their line is long, is not told twice.
    in_line = set(
        Page.objects.filter(
            alert_id=alert.pk,
            step_number=step.number,
            state=Page.State.DUE,
            attempts=0,
            due_at__lte=now,
        ).values_list("person_id", "channel")
    )
    Page.objects.bulk_create(
        [page for page in made if (page.person_id, page.channel) not in in_line],
        ignore_conflicts=True,
    )
    return len({page.person_id for page in made})


def pages_for(
    alert: Alert,
    people: Sequence[int],
    now: datetime,
    *,
    cause: str,
    step_number: int,
    round_number: int,
    as_life: bool = False,
) -> list[Page]:
    """Return the pages by which people are told, soonest first: their ways, and what they have.

    Where a way has no verified method it is left out; the account's address always has one.
    ``as_life``: by the ways and at the times that people have set for life safety.
    """
    if not people:
        return []
    priority = Priority.LIFE_SAFETY if as_life else alert.priority
    chosen, methods = ways(people, priority), methods_of(people)
    planned: list[tuple[Way, int]] = []
    for person in people:
        has = {method.kind for method in methods.get(person, ())}
        usable = [way for way in chosen.get(person, []) if way.channel in has]
        planned += [(way, person) for way in usable or [Way(0, "email")]]
    planned.sort(key=lambda one: (one[0].after_seconds, _QUICKEST.get(one[0].channel, 9), one[1]))
    return [
        Page(
            alert_id=alert.pk,
            district_id=alert.district_id,
            step_number=step_number,
            round=round_number,
            person_id=person,
            channel=way.channel,
            due_at=now + timedelta(seconds=way.after_seconds),
            cause=cause,
            place=place,
        )
        for place, (way, person) in enumerate(planned)
    ]


#: Of those due at once, what is sent first: what a sleeping person notices.
_QUICKEST = {"voice": 0, "sms": 1, "push": 2, "email": 3}


def ring(alert: Alert, person: int, now: datetime) -> None:
    """Ask one person of a locked alert at once by all their ways but texts, which may be forged.

    Whoever was not asked before, or is excluded, is not asked by this.
    """
    if not was_asked(alert, person) or person_mac(person) in excluded_from(alert):
        return
    made = pages_for(
        alert,
        [person],
        now,
        cause=Cause.BY_HAND,
        step_number=0,
        round_number=_next_round(alert),
    )
    for page in made:
        page.due_at = now
    Page.objects.bulk_create([page for page in made if page.channel != "sms"])


def _next_round(alert: Alert) -> int:
    last = Page.objects.filter(alert_id=alert.pk, step_number=0).aggregate(last=Max("round"))
    return (last["last"] or 0) + 1


def tell_lapsed(alert: Alert) -> None:
    """Tell whoever has a locked alert that it is passed on, by the way on which they took it.

    Whoever took it at the desk sees it there, and is told nothing; nor is who was excluded since.
    Call it before the alert is opened again, inside its transaction.
    """
    person, taken_at = alert.acknowledged_by, alert.acknowledged_at
    if person is None or taken_at is None:
        return
    said = Acknowledgement.objects.filter(
        alert_id=alert.pk, person_id=person, answer=Acknowledgement.Answer.HAVE_IT
    )
    last = said.order_by("-number").first()
    if last is None or last.via == "desk":
        return
    if last.at < taken_at:
        # They took it anew since, at the desk.
        return
    if person_mac(person) not in excluded_from(alert):
        code = Delivery.objects.filter(person_id=person, for_id=alert.pk).exclude(code="")
        codes = list(code.order_by("-attempted_at", "pk").values_list("code", flat=True)[:1])
        tell(person, f"answer_lapsed_{last.via}", {"code": codes[0] if codes else alert.reference})


def tell_holder(alert: Alert, cause: Cause, now: datetime) -> bool:
    """Page whoever has a locked alert: something is new, or they fell silent.

    False: nobody has it. Whoever was excluded since they took it has it no more: others are asked.
    """
    person = alert.acknowledged_by
    if person is not None and person_mac(person) in excluded_from(alert):
        reopen(alert, now)
        return False
    if person is None:
        return False
    Page.objects.bulk_create(
        pages_for(alert, [person], now, cause=cause, step_number=0, round_number=_next_round(alert))
    )
    return True
