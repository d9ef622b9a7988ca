"""Whose phones ring for a call, and when: everybody who is there at once, then who is next.

For the worker. An ear is a phone that its owner has proved as theirs for calls. Nobody is rung who
has somebody on the phone, whose phone rings already, or who must not see the tip.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import connection

from upstander.carriers.models import Channel
from upstander.carriers.providers import line_at
from upstander.carriers.queries import calls_to, methods_of, on_the_phone
from upstander.doors.call_models import Call, Leg, Todo
from upstander.escalations.models import Alert
from upstander.escalations.outside_models import FallbackPhone
from upstander.escalations.targets import excluded_from
from upstander.oncall.models import Rest
from upstander.oncall.queries import on_call
from upstander.people.keys import person_mac
from upstander.people.models import Membership, Team
from upstander.people.roles import Role, TeamKind
from upstander.plug import may_not_take

#: Seconds of waiting after which each circle is rung; where one has nobody, the next is at once.
CIRCLES: Final = (0, 20, 40, 60)
#: Seconds after which a phone that nobody picked up rings again.
AGAIN: Final = timedelta(seconds=10)
#: How often one phone rings for one call, where nobody picks up.
MOST_RINGS: Final = 20


@dataclass(frozen=True, slots=True)
class Center:
    """Whose free phones are rung, by circles: at the desk, supervisors, on call, the last one."""

    circles: tuple[frozenset[int], ...]


def center_now(center: int, now: datetime) -> Center:
    """Return whom a center has, now."""
    members = Membership.objects.filter(
        team__kind=TeamKind.CENTER, team__center_id=center, person__is_active=True
    )
    everybody = dict(members.values_list("person_id", "role"))
    there = frozenset(_present(center)) & everybody.keys()
    leads = frozenset(one for one, role in everybody.items() if role == Role.CENTER_SUPERVISOR)
    called: set[int] = set()
    for team in Team.objects.filter(kind=TeamKind.CENTER, center_id=center).order_by("pk"):
        shift = on_call(team.pk, now)
        called |= {*shift.primary, *shift.backup}
    last = FallbackPhone.objects.filter(center_id=center).values_list("person_id", flat=True)
    # Who listens to a page is not rung besides; one that only rings makes way (``sweep_orders``).
    free = frozenset(reached_by(everybody)) - on_the_phone(everybody, but_paged=True)
    free -= may_not_take(everybody).keys()
    # Whoever takes a break is left alone, unless nobody else could pick up.
    free = (
        free - set(Rest.objects.filter(until__gt=now).values_list("person_id", flat=True)) or free
    )
    circles = (there, leads, frozenset(called), frozenset(last))
    return Center(tuple(circle & free for circle in circles))


def _present(center: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.door_present(p_center => %s)", [center])
        row = cursor.fetchone()
    return list(row[0]) if row else []


def reached_by(people: Iterable[int]) -> Mapping[int, str]:
    """Return by which number or address each of these people's ear is rung."""
    found = {}
    for person, methods in methods_of(people).items():
        voice = [one.address for one in methods if one.kind == Channel.VOICE]
        if voice:
            found[person] = voice[0]
    return found


def busy_ears() -> set[int]:
    """Return whose phone rings for a call, or who has one: none of them is rung for another."""
    running = Leg.objects.exclude(state=Leg.State.OVER).filter(person_id__isnull=False)
    people = running.values_list("person_id", flat=True)
    return {person for person in people if person is not None}


def to_ring(call: Call, center: Center, busy: set[int], now: datetime) -> list[Leg]:
    """Return the legs to be rung for a call that waits, now; none of them is saved yet."""
    if call.waits_since is None:
        return []
    waits = (now - call.waits_since).total_seconds()
    legs = list(call.legs.all())
    running = {leg.person_id for leg in legs if leg.state != Leg.State.OVER and leg.person_id}
    asked: set[int] = set()
    for after, circle in zip(CIRCLES, center.circles, strict=True):
        # Nobody waits for a circle of nobody: the next one is asked at once.
        if after > waits and (asked | running):
            break
        asked |= _free(call, circle - asked - running, busy, legs, now)
    made = [_leg(call, Leg.Kind.EAR, now, person_id=person) for person in sorted(asked)]
    own = _own_phone(call, legs, now)
    if own and (waits >= CIRCLES[-1] or not (asked or running)):
        made.append(_leg(call, Leg.Kind.FALLBACK, now))
    return made


def _free(
    call: Call, people: frozenset[int] | set[int], busy: set[int], legs: list[Leg], now: datetime
) -> set[int]:
    own = _made_busy_by_us(legs)
    free = {
        person
        for person in people
        if person not in busy
        and _may_ring([leg for leg in legs if leg.person_id == person], own, now)
    }
    if not free:
        return set()
    # The worker reads no tip: its alert says of which matter it is.
    alert = Alert.objects.filter(subject_id=call.tip_id).order_by("opened_at").first()
    excluded = excluded_from(alert) if alert else frozenset[bytes]()
    return {person for person in free if person_mac(person) not in excluded}


def _made_busy_by_us(legs: list[Leg]) -> set[UUID]:
    """Return the legs that were busy while a page rang on that phone: nobody declined there."""
    busy = [leg for leg in legs if leg.how == "busy" and leg.person_id and leg.ended_at]
    if not busy:
        return set()
    calls = calls_to((leg.person_id for leg in busy if leg.person_id), min(one.at for one in busy))
    return {
        leg.pk
        for leg in busy
        for begun, ended in calls.get(leg.person_id or 0, ())
        if leg.ended_at and begun <= leg.ended_at and leg.at <= ended
    }


def _may_ring(before: list[Leg], own: set[UUID], now: datetime) -> bool:
    """Tell whether a phone rings (again): not one whose owner declined, nor without a pause.

    ``own``: legs that we ourselves made busy.
    """
    declined = any(leg.how == "busy" and leg.pk not in own for leg in before)
    if declined or len(before) >= MOST_RINGS:
        return False
    # One that was laid out anew, or was in our own way, rings at once.
    waited = (
        leg.ended_at and (leg.how == "again" or leg.pk in own or leg.ended_at + AGAIN <= now)
        for leg in before
    )
    return all(waited)


def _own_phone(call: Call, legs: list[Leg], now: datetime) -> bool:
    line = line_at(call.line, call.provider)
    if line is None or not line.fallback:
        return False
    before = [leg for leg in legs if leg.kind == Leg.Kind.FALLBACK]
    return len(before) < MOST_RINGS and all(
        leg.ended_at is not None and leg.ended_at + AGAIN <= now for leg in before
    )


def _leg(call: Call, kind: Leg.Kind, now: datetime, *, person_id: int | None = None) -> Leg:
    return Leg(
        id=uuid4(),
        call_id=call.pk,
        kind=kind,
        person_id=person_id,
        provider=call.provider,
        todo=Todo.DIAL,
        due_at=now,
        at=now,
    )
