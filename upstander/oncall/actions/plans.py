"""Setting up who is on call: layers of a team's schedule, and overrides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Max
from django.utils.translation import gettext as _

from upstander.audit.actions import record
from upstander.base.refused import Refused
from upstander.oncall.access import (
    layer_of,
    locked_schedule,
    override_of,
    team_to_plan,
)
from upstander.oncall.models import DatedShift, Layer, LayerMember, Override, Schedule
from upstander.oncall.queries import plans
from upstander.oncall.reach import names_of, ringable
from upstander.oncall.rota import LayerRule, Span, people_of_turn
from upstander.people.models import Membership, Team
from upstander.people.scope import Viewer, viewing

#: More rules than anybody understands at night.
MOST_LAYERS = 12


@dataclass(frozen=True, slots=True)
class LayerDraft:
    """A layer as it was filled in. Times of a day and dates are the team's local ones."""

    name: str
    duty: str
    turn: str
    every: int
    hand_over: time
    starts_on: date
    people: tuple[int, ...]
    at_once: int = 1
    ends_on: date | None = None
    days: str = Layer.Days.EVERY
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    hours: tuple[time, time] | None = None


def save_layer(viewer: Viewer, team_id: int, draft: LayerDraft, layer_id: int | None = None) -> int:
    """Add a layer to a team's schedule, or change one; returns its id.

    The first layer makes the schedule. A new layer comes before the others of its duty if it holds
    at some times only, and after them if it always does. Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        team = team_to_plan(viewer, team_id)
        schedule = _schedule_for(team, now)
        _check_people(team, draft)
        if layer_id is None:
            if schedule.layers.count() >= MOST_LAYERS:
                raise Refused(
                    _("A schedule can have at most %(MOST_LAYERS)s rules. Remove one first.")
                    % {"MOST_LAYERS": MOST_LAYERS}
                )
            layer = Layer(schedule=schedule, rank=_rank_for(schedule, draft))
        else:
            layer = layer_of(team_id, layer_id)
        layer.name, layer.duty, layer.turn, layer.every = (
            draft.name,
            draft.duty,
            draft.turn,
            draft.every,
        )
        layer.hand_over, layer.starts_on, layer.ends_on = (
            draft.hand_over,
            draft.starts_on,
            draft.ends_on,
        )
        layer.at_once, layer.days, layer.weekdays = (
            draft.at_once,
            draft.days,
            list(draft.weekdays),
        )
        layer.from_time, layer.to_time = draft.hours or (None, None)
        layer.save()
        LayerMember.objects.filter(layer=layer).delete()
        LayerMember.objects.bulk_create(
            LayerMember(layer=layer, person_id=person, place=place)
            for place, person in enumerate(draft.people)
        )
        _changed(schedule, now)
        _record("on-call rule saved", viewer, team, {"rule": layer.pk, "people": draft.people})
    return layer.pk


def remove_layer(viewer: Viewer, team_id: int, layer_id: int) -> None:
    """Take a layer away. Without any the team is asked as a whole again.

    Raises Http404.
    """
    with viewing(viewer) as now:
        team = team_to_plan(viewer, team_id)
        schedule = locked_schedule(team_id)
        layer_of(team_id, layer_id).delete()
        _changed(schedule, now)
        _record("on-call rule removed", viewer, team, {"rule": layer_id})


def move_layer(viewer: Viewer, team_id: int, layer_id: int) -> None:
    """Let a layer come before the one that it followed. Raises Http404."""
    with viewing(viewer) as now:
        team = team_to_plan(viewer, team_id)
        schedule = locked_schedule(team_id)
        moved = layer_of(team_id, layer_id)
        order = list(schedule.layers.filter(duty=moved.duty))
        at = order.index(moved)
        if at > 0:
            order[at - 1], order[at] = order[at], order[at - 1]
        for rank, layer in enumerate(order, start=1):
            Layer.objects.filter(pk=layer.pk).update(rank=rank)
        _changed(schedule, now)
        _record("on-call rule moved", viewer, team, {"rule": layer_id})


def set_time_zone(viewer: Viewer, team_id: int, time_zone: str) -> None:
    """Say in which time zone a team's hand-overs are meant. Raises Http404."""
    with viewing(viewer) as now:
        team = team_to_plan(viewer, team_id)
        schedule = locked_schedule(team_id)
        Schedule.objects.filter(pk=schedule.pk).update(time_zone=time_zone)
        _changed(schedule, now)
        _record("on-call time zone set", viewer, team, {})


def add_override(
    viewer: Viewer,
    team_id: int,
    *,
    duty: str,
    on: int | None,
    off: int | None,
    start: datetime,
    end: datetime,
) -> int:
    """Put somebody on call for a time, or take somebody off, or both; returns the override's id.

    Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        team = team_to_plan(viewer, team_id)
        schedule = locked_schedule(team_id)
        if end <= now:
            raise Refused(_("That time has passed."))
        _check_members(team, [person for person in (on, off) if person is not None])
        _check_alone([on] if on is not None else [])
        made = Override.objects.create(
            schedule=schedule,
            duty=duty,
            on_person_id=on,
            off_person_id=off,
            starts_at=start,
            ends_at=end,
            made_by=viewer.person_id,
            made_at=now,
        )
        _changed(schedule, now)
        _record("on-call override made", viewer, team, {"on": on, "off": off})
    return made.pk


def remove_override(viewer: Viewer, team_id: int, override_id: int) -> None:
    """Take an override back. Raises Http404."""
    with viewing(viewer) as now:
        team = team_to_plan(viewer, team_id)
        schedule = locked_schedule(team_id)
        override_of(team_id, override_id).delete()
        _changed(schedule, now)
        _record("on-call override removed", viewer, team, {"override": override_id})


def import_shifts(viewer: Viewer, team_id: int, found: Sequence[Span]) -> int:
    """Take over shifts from a calendar as a layer that comes first; returns its id.

    An earlier import of the team is replaced by it. Raises Http404, Refused.
    """
    with viewing(viewer) as now:
        team = team_to_plan(viewer, team_id)
        schedule = _schedule_for(team, now)
        _check_members(team, sorted({person for span in found for person in span.people}))
        if not found:
            raise Refused(_("There is nothing to import."))
        schedule.layers.filter(turn=Layer.Turn.DATES).delete()
        layer = Layer.objects.create(
            schedule=schedule,
            name=_("From a calendar"),
            rank=0,
            turn=Layer.Turn.DATES,
            hand_over=time(0),
            starts_on=min(span.start for span in found).date(),
        )
        DatedShift.objects.bulk_create(
            DatedShift(layer=layer, person_id=person, starts_at=span.start, ends_at=span.end)
            for span in found
            for person in span.people
        )
        _changed(schedule, now)
        _record("on-call calendar imported", viewer, team, {"shifts": len(found)})
    return layer.pk


def _schedule_for(team: Team, now: datetime) -> Schedule:
    """Return a team's schedule, locked, made where there is none."""
    zone = plans([team.pk], now, now)[0].zone
    Schedule.objects.get_or_create(team=team, defaults={"time_zone": zone.key, "check_at": now})
    return locked_schedule(team.pk)


def _changed(schedule: Schedule, now: datetime) -> None:
    """Let the worker look for gaps now."""
    Schedule.objects.filter(pk=schedule.pk).update(check_at=now)


def _rank_for(schedule: Schedule, draft: LayerDraft) -> int:
    always = draft.hours is None and draft.days == Layer.Days.EVERY and len(draft.weekdays) == 7
    last = schedule.layers.filter(duty=draft.duty).aggregate(last=Max("rank"))["last"] or 0
    if always:
        return last + 1
    for layer in schedule.layers.filter(duty=draft.duty):
        Layer.objects.filter(pk=layer.pk).update(rank=layer.rank + 1)
    return 1


def _check_people(team: Team, draft: LayerDraft) -> None:
    """Raise Refused for strangers, and where somebody whom nothing rings would be alone."""
    if not draft.people:
        raise Refused(_("Choose who is in the rotation."))
    _check_members(team, draft.people)
    rule = LayerRule(
        id=0,
        duty=draft.duty,
        turn=draft.turn,
        every=draft.every,
        hand_over=draft.hand_over,
        starts_on=draft.starts_on,
        ends_on=None,
        at_once=draft.at_once,
        days=draft.days,
        weekdays=draft.weekdays,
        hours=None,
        members=draft.people,
    )
    for number in range(len(draft.people)):
        _check_alone(people_of_turn(rule, number))


def _check_members(team: Team, people: Sequence[int]) -> None:
    members = Membership.objects.filter(team=team, person__is_active=True, person_id__in=people)
    if members.count() != len(set(people)):
        raise Refused(_("Someone on the list is no longer on the team. Reload the page."))


def _check_alone(people: Sequence[int]) -> None:
    """Raise Refused if none of these people, on call together, can be rung."""
    if people and not ringable(people):
        names = _(" and ").join(names_of(people).values())
        raise Refused(
            _(
                "%s can’t be on call alone: they have no verified phone or device. They can add "
                "one under “My account”, or you can put someone else on call with them."
            )
            % names
        )


def _record(action: str, viewer: Viewer, team: Team, detail: dict[str, object]) -> None:
    record(
        action,
        actor=viewer,
        subject_kind="team",
        subject_id=team.pk,
        district_id=team.district_id,
        detail=detail,
    )
