"""Reads: who is on call, and where nobody is. Call them inside ``viewing`` or as the worker."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from upstander.oncall.days import Break
from upstander.oncall.reach import ringable
from upstander.oncall.rota import Change, LayerRule, Plan, Span, shifts

_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """Who is called first, and who next. ``gap``: nobody was, so the whole team is."""

    primary: tuple[int, ...]
    backup: tuple[int, ...]
    gap: bool = False


def on_call(team_id: int, at: datetime) -> Shift:
    """Return who of a team is on call at an instant; empty only for a team of nobody.

    Where nobody is, or nobody whom anything rings, all of the team are called first and its leads
    are the backup: a plan that went wrong must not be quieter than none. Two queries.
    """
    found = plans([team_id], at, at + _MOMENT)
    if not found:
        return Shift((), ())
    plan = found[0]
    return shift_of(plan, at, ringable(plan.members))


def shift_of(plan: Plan, at: datetime, reached: frozenset[int]) -> Shift:
    """Return who is on call by a plan that was read for ``at``; ``reached``: whom something rings.

    Whoever takes a break is passed over, unless nobody else of the team could be rung. Pure.
    """
    found = _planned(plan, at, reached)
    resting = {one for rest in plan.rests if rest.start <= at < rest.end for one in rest.people}
    for people in (found.primary, found.backup, plan.members) if resting else ():
        first = tuple(one for one in people if one not in resting)
        if set(first) & reached:
            then = (*found.backup, *plan.leads)
            rest = dict.fromkeys(one for one in then if one not in {*first, *resting})
            return Shift(first, tuple(rest), gap=found.gap)
    return found


def _planned(plan: Plan, at: datetime, reached: frozenset[int]) -> Shift:
    if plan.as_a_whole:
        return Shift(plan.members, plan.leads)
    primary = shifts(plan, "primary", at, at + _MOMENT)[0].people
    if not set(primary) & reached:
        return Shift(_first(primary, plan.members), plan.leads, gap=True)
    backup = shifts(plan, "backup", at, at + _MOMENT)[0].people
    # Nobody set up to follow: the leads do, and where they are on call themselves, the rest.
    for following in (backup, plan.leads, plan.members):
        rest = tuple(person for person in following if person not in primary)
        if rest:
            return Shift(primary, rest)
    return Shift(primary, ())


def _first(some: tuple[int, ...], all_of_them: tuple[int, ...]) -> tuple[int, ...]:
    return (*some, *(person for person in all_of_them if person not in some))


def gaps(
    plan: Plan, start: datetime, end: datetime, reached: frozenset[int]
) -> list[tuple[datetime, datetime]]:
    """Return when within a window nobody is called first whom anything rings. Pure.

    A team without a schedule has none: there all are asked.
    """
    if plan.as_a_whole:
        return []
    found: list[tuple[datetime, datetime]] = []
    for span in shifts(plan, "primary", start, end):
        if set(span.people) & reached:
            continue
        if found and found[-1][1] == span.start:
            found[-1] = (found[-1][0], span.end)
        else:
            found.append((span.start, span.end))
    return found


def plans(team_ids: Iterable[int], start: datetime, end: datetime) -> list[Plan]:
    """Return the plans of these teams as far as they matter between two instants: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.oncall_plans(p_teams => %s::bigint[], p_from => %s, p_to => %s)",
            [list(team_ids), start, end],
        )
        row = cursor.fetchone()
    return [plan_from(told) for told in _json(row[0] if row else None)]


def own_plans(token_hash: bytes, start: datetime, end: datetime) -> tuple[int, list[Plan]] | None:
    """Return the person whose secret link this is, and their teams' plans; None if it is none.

    For the desk's bare login role: whoever asks has shown the link and nothing else.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT api.oncall_feed(p_hash => %s, p_from => %s, p_to => %s)",
            [token_hash, start, end],
        )
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    told = _json(row[0])
    return int(told["person"]), [plan_from(one) for one in told["plans"]]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value or []


def plan_from(told: Mapping[str, Any]) -> Plan:
    """Build a plan from what ``api.oncall_plans`` tells of one team."""
    return Plan(
        team_id=told["team"],
        name=told["name"],
        zone=ZoneInfo(told["zone"]),
        members=tuple(person for person, _ in told["members"]),
        leads=tuple(person for person, leads in told["members"] if leads),
        # A plan without a rule is none: the team is asked as a whole.
        schedule_id=told["schedule"] if told["layers"] else None,
        region=told["region"],
        breaks=tuple(
            Break(date.fromisoformat(first), date.fromisoformat(last), in_session)
            for first, last, in_session in told["days_off"]
        ),
        layers=tuple(_layer(one) for one in told["layers"]),
        changes=tuple(
            Change(duty, on, off, datetime.fromisoformat(start), datetime.fromisoformat(end))
            for duty, on, off, start, end in told["overrides"]
        ),
        rests=tuple(
            Span(datetime.fromisoformat(since), datetime.fromisoformat(until), (person,))
            for person, since, until in told["rests"]
        ),
    )


def _layer(told: Mapping[str, Any]) -> LayerRule:
    return LayerRule(
        id=told["id"],
        name=told["name"],
        duty=told["duty"],
        turn=told["turn"],
        every=told["every"],
        hand_over=time.fromisoformat(told["hand_over"]),
        starts_on=date.fromisoformat(told["starts_on"]),
        ends_on=None if told["ends_on"] is None else date.fromisoformat(told["ends_on"]),
        at_once=told["at_once"],
        days=told["days"],
        weekdays=tuple(told["weekdays"]),
        hours=None
        if told["from"] is None
        else (time.fromisoformat(told["from"]), time.fromisoformat(told["to"])),
        members=tuple(told["members"]),
        shifts=tuple(
            Span(datetime.fromisoformat(start), datetime.fromisoformat(end), (person,))
            for person, start, end in told["shifts"]
        ),
    )
