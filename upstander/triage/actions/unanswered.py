"""Whom a hand-off's words may mean, where nobody has said so: it goes to the others meanwhile.

They get no grant and are not rung. The center is asked by a task with a clock; what would open the
team's side for them lies sealed for the center until it is answered, and opens for them alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext

from upstander.emergency.brief_words import beside_form
from upstander.escalations.actions.steps import add_steps
from upstander.escalations.actions.tasks import end_task, hold_tasks, open_task
from upstander.escalations.models import Alert, Cause, Step, Task
from upstander.intake.priority import Priority
from upstander.matters.folders import person_holder
from upstander.matters.people_near import Near, people_near
from upstander.people.keys import bound_name, name_in, person_mac
from upstander.people.models import Team
from upstander.people.scope import viewing
from upstander.tips.access import tip_for
from upstander.tips.actions.writing import notify
from upstander.tips.envelopes import open_data, seal_data
from upstander.tips.models import Note, Recipient, Tip
from upstander.tips.opening import OpenTip, read_contents, words_of
from upstander.tips.place_words import beside_places
from upstander.triage.actions.granting import grant, sealed_to
from upstander.triage.actions.notes import write_note
from upstander.triage.models import Handoff
from upstander.triage.naming import excluded_macs, names_of_near
from upstander.vault.models import Grant
from upstander.vault.seeds import Audience

#: How long the question may lie before phones ring for it; else an hour.
LIFE_SAFETY: Final = timedelta(minutes=5)
OTHERS: Final = timedelta(hours=1)
_RUNNING = (Task.State.OPEN, Task.State.TAKEN)


def ask_named(
    opened: OpenTip, handoff: Handoff, secret: bytes, people: Sequence[Near], teams: Sequence[Team]
) -> None:
    """Open the task that asks about these; call in the hand-off's transaction, with its secret."""
    tip, now, chosen = opened.tip, handoff.at, {team.pk for team in teams}
    who = {one.person_id for one in people}
    held = {
        bound_name(row.holder, tip.pk): [row.key_version, row.blob.hex()]
        for row in sealed_to(tip, Audience.CASE, handoff.pk, secret, map(person_holder, who))
    }
    for_team = [name_in(one.person_id, tip.pk) for one in people if one.team_id in chosen]
    sealed = seal_data(
        opened.seed(Audience.CENTER),
        purpose="unanswered",
        tip=tip.pk,
        row=handoff.pk,
        data={"held": held, "for_team": for_team},
    )
    grave = tip.priority == Priority.LIFE_SAFETY
    task = open_task(
        Task.Kind.ASK_NAMED,
        subject_id=tip.pk,
        matter_id=tip.matter_id,
        district_id=tip.district_id,
        due_at=now + (LIFE_SAFETY if grave else OTHERS),
        now=now,
        actor=opened.viewer,
    )
    task.detail = {
        "own": sorted({*task.detail.get("own", ()), *held}),
        "sealed": task.detail.get("sealed", {}) | {str(handoff.pk): sealed.hex()},
    }
    task.save(update_fields=["detail"])


def of(opened: OpenTip) -> tuple[list[Near], str]:
    """Return about whom the center is asked, each once, and the words that may mean them."""
    with viewing(opened.viewer):
        task = asked(opened.tip.pk)
        names = set(task.detail["own"]) if task is not None else set()
        if not names:
            return [], ""
        near, out = people_near(opened.tip.district_id), excluded_macs(opened.tip)
    text = words_of(read_contents(opened))
    found = {
        one.person_id: one
        for one in near
        if name_in(one.person_id, opened.tip.pk) in names and person_mac(one.person_id) not in out
    }
    with viewing(opened.viewer):
        said = beside_places(beside_form(text), opened.tip.district_id, near)
    return list(found.values()), said


def answer(opened: OpenTip, mentioned: Collection[int], out: Collection[int]) -> None:
    """Let in whom the words are not about, who are rung then; ``out`` are kept out already.

    Raises Http404.
    """
    tip_id, viewer = opened.tip.pk, opened.viewer
    with viewing(viewer) as now:
        tip = tip_for(viewer, tip_id, lock=True)
        tasks = Task.objects.filter(subject_id=tip_id, kind=Task.Kind.ASK_NAMED)
        for task in hold_tasks(tasks.filter(state__in=_RUNNING), nowait=False):
            waiting = set(task.detail["own"])
            let_in = [one for one in mentioned if name_in(one, tip_id) in waiting]
            for handoff, sealed in task.detail["sealed"].items():
                _let_in(opened, tip, UUID(handoff), bytes.fromhex(sealed), let_in, now)
            near, excluded = people_near(tip.district_id), excluded_macs(tip)
            # Who left, or is kept out by another road, is asked about no more.
            here = {one.person_id for one in near if person_mac(one.person_id) not in excluded}
            left = waiting & {name_in(one, tip_id) for one in here - {*let_in, *out}}
            task.detail = task.detail | {"own": sorted(left)}
            task.save(update_fields=["detail"])
            if not left:
                end_task(task, viewer.person_id, now, outcome="answered", actor=viewer)
            if mentioned_here := [one for one in near if one.person_id in let_in]:
                note_asked(opened, tip, mentioned_here, now)
    notify(tip_id)


def note_asked(opened: OpenTip, tip: Tip, named: list[Near], now: datetime) -> None:
    """Keep by name, for the center, of whom somebody said that it isn't about them."""
    text = gettext("Named, and it is not about them: %(names)s.") % {"names": names_of_near(named)}
    seed = opened.seed(Audience.CENTER)
    write_note(tip, opened.viewer, Audience.CENTER, tip.pk, seed, text, Note.Kind.NOTE, now)


def asked(tip_id: UUID) -> Task | None:
    """Return the open task that asks about somebody; call inside ``viewing``."""
    tasks = Task.objects.filter(subject_id=tip_id, kind=Task.Kind.ASK_NAMED, state__in=_RUNNING)
    return tasks.first()


def _let_in(
    opened: OpenTip, tip: Tip, handoff_id: UUID, sealed: bytes, people: list[int], now: datetime
) -> None:
    """Give people what a hand-off gave the others; the tip is locked."""
    data: dict[str, Any] = open_data(
        opened.seed(Audience.CENTER),
        purpose="unanswered",
        tip=tip.pk,
        row=handoff_id,
        sealed=sealed,
    )
    handoff = Handoff.objects.get(pk=handoff_id)
    alerts = Alert.objects.select_for_update().filter(
        subject_id=tip.pk, stage=Alert.Stage.SCHOOL, opened_at=handoff.at
    )
    for person in people:
        name = name_in(person, tip.pk)
        if name not in data["held"]:
            continue
        version, blob = data["held"][name]
        holder, _ = person_holder(person)
        case = Grant(
            tip_id=tip.pk,
            district_id=tip.district_id,
            audience=Audience.CASE,
            handoff_id=handoff_id,
            holder=holder,
            key_version=version,
            blob=bytes.fromhex(blob),
        )
        Grant.objects.bulk_create([case], ignore_conflicts=True)
        dialog = opened.secrets[Audience.DIALOG]
        grant(tip, Audience.DIALOG, tip.pk, dialog, [person_holder(person)])
        if name not in data["for_team"] or handoff.returned_at is not None:
            continue
        others = Recipient.objects.filter(tip_id=tip.pk, holder__in=handoff.holders)
        for other in others.order_by("pk")[:1]:
            defaults = {"district_id": tip.district_id, "since": other.since}
            defaults |= {"since_turn": other.since_turn, "with_words": other.with_words}
            Recipient.objects.get_or_create(tip_id=tip.pk, holder=name, defaults=defaults)
        handoff.holders = [*handoff.holders, name]
        handoff.save(update_fields=["holders"])
        for alert in alerts.exclude(state=Alert.State.ENDED):
            alert.holders = [*alert.holders, name]
            alert.save(update_fields=["holders"])
            if alert.state == Alert.State.OPEN:
                rung = Step(target=f"person:{person}", due_at=now, cause=Cause.BY_HAND)
                add_steps(alert, [rung])
