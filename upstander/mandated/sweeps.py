"""Reminders: of both clocks of a duty, of what falls due later, and of answers that are owed.

Each step locks what is due, writes who is to be told and when it is due next, and commits both
together; carriers send what was written, and send again what a killed worker had taken. So a
worker that dies has told nothing, and the next one does, or it has told it and is not repeated.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import QuerySet

from upstander.base.moment import database_second
from upstander.carriers.notices import tell
from upstander.mandated.access import rules_of, times_of
from upstander.mandated.actions.answers import MOST_SELDOM
from upstander.mandated.clocks import (
    clock_at,
    current_about,
    current_reminder,
    next_about,
    next_reminder,
)
from upstander.mandated.deadlines import OWNERS
from upstander.mandated.models import Asked, Deadline, Duty
from upstander.mandated.recipients import Officer, officers_of
from upstander.mandated.silence import excluded_in, is_excluded
from upstander.people.keys import name_in
from upstander.people.roles import Role
from upstander.places.models import District

log = logging.getLogger("upstander.worker")

_BATCH = 50
#: How often the offices are told that one duty is still late.
OFFICES_EVERY = timedelta(hours=4)
#: Who can't be told any more is looked at again after so long (the database allows a day at most).
_LONG = timedelta(hours=12)
#: By what a reminder comes → the notice, before the deadline and after it (carriers/notices.py).
_DUTY = {
    "notice": ("duty_due", "duty_late"),
    "page": ("duty_due_soon", "duty_late"),
    "call": ("duty_due_now", "duty_late_now"),
}
_LATER = {
    "notice": ("deadline_due", "deadline_late"),
    "page": ("deadline_due_soon", "deadline_late"),
}


def sweep_reminders() -> int:
    """Remind whoever owes a report, and their offices once it is late; returns how many duties."""
    with transaction.atomic():
        now = database_second()
        duties = list(_due(Duty.objects.all(), now))
        zones = _zones(duty.district_id for duty in duties)
        late: list[tuple[Duty, str]] = []
        for duty in duties:
            try:
                rules, rule = rules_of(duty)
            except KeyError:
                _without_rules(duty, now, zones[duty.district_id])
                continue
            times = times_of(duty)
            told = current_reminder(rules, rule, times, now)
            following = next_reminder(rules, rule, times, now)
            due = clock_at(rule, times, now).next_due
            if following is None or due is None:
                raise RuntimeError(f"{duty} is open and has no next reminder")
            at = _local(due, zones[duty.district_id])
            if told is not None:
                tell(duty.person_id, _DUTY[told.by][told.minutes_before <= 0], {"at": at})
            if due <= now and _offices_again(duty, due, now):
                late.append((duty, at))
                duty.offices_told_at = now
            duty.remind_at, duty.reminded = following.at, duty.reminded + 1
        _tell_offices(late)
        Duty.objects.bulk_update(duties, ["remind_at", "reminded", "offices_told_at"])
    return len(duties)


def _without_rules(duty: Duty, now: datetime, zone: ZoneInfo) -> None:
    """Remind by the times that a duty has kept, each hour: its rule set's file is gone.

    The law's clock runs on without the file, and nobody else's reminder waits for it.
    """
    log.error("rule set %s has no duty %s: its reminders come hourly", duty.rule_set, duty.rule)
    due = duty.written_due if duty.first_at is not None else duty.first_due
    if due is not None:
        tell(duty.person_id, _DUTY["page"][due <= now], {"at": _local(due, zone)})
    duty.remind_at, duty.reminded = now + timedelta(hours=1), duty.reminded + 1


def _offices_again(duty: Duty, due: datetime, now: datetime) -> bool:
    """Tell whether the offices hear (again) that this is late: at once, then every four hours."""
    told = duty.offices_told_at
    return told is None or told < due or now - told >= OFFICES_EVERY


def _tell_offices(late: Sequence[tuple[Duty, str]]) -> None:
    """Tell those of the offices who see a duty, and nobody whom it accuses or who depends on them.

    The worker knows nobody's grants by name: it compares the opaque codes of officers with those
    under which the duty's folder stands open.
    """
    seeing = _officers_who_see(duty for duty, _ in late)
    for duty, at in late:
        for officer in seeing[duty.pk]:
            if officer.person_id != duty.person_id:
                of_agency = officer.role == Role.CENTER_SUPERVISOR
                kind = "advocate_duty_late" if of_agency else "office_duty_late"
                tell(officer.person_id, kind, {"at": at})


def _officers_who_see(duties: Iterable[Duty]) -> dict[UUID, list[Officer]]:
    """Return, for each duty, who of its school's and district's offices holds it now."""
    wanted = {duty.pk: duty for duty in duties}
    held: defaultdict[UUID, set[str]] = defaultdict(set)
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute("SELECT duty, holder FROM api.duty_holders(%s)", [list(wanted)])
            for duty_id, holder in cursor.fetchall():
                held[duty_id].add(holder)
    officers = {place: officers_of(place) for place in {d.district_id for d in wanted.values()}}
    excluded = excluded_in({duty.matter_id for duty in wanted.values()})
    seeing: dict[UUID, list[Officer]] = {}
    for duty in wanted.values():
        near = {
            one.person_id: one
            for one in officers[duty.district_id]
            if one.school_id in (None, duty.school_id)
        }
        seeing[duty.pk] = [
            o
            for o in near.values()
            if name_in(o.person_id, duty.folder_id) in held[duty.pk]
            and not is_excluded(o.person_id, duty.matter_id, excluded)
        ]
    return seeing


def sweep_later() -> int:
    """Remind of what falls due after the first report; returns of how many things.

    Its owner is told, and once it is late every office that sees the duty.
    """
    with transaction.atomic():
        now = database_second()
        rows = list(_due(Deadline.objects.all(), now))
        duties = Duty.objects.in_bulk({row.duty_id for row in rows})
        zones = _zones(row.district_id for row in rows)
        seeing = _officers_who_see(duties.values())
        for row in rows:
            told = current_about(row.key, row.due_at, now)
            if told is not None:
                late = told.minutes_before <= 0
                for person in _owners(row, duties[row.duty_id], seeing[row.duty_id], late=late):
                    at = _local(row.due_at, zones[row.district_id])
                    tell(person, _LATER[told.by][late], {"at": at})
            row.remind_at = next_about(row.key, row.due_at, now).at
            row.reminded += 1
        Deadline.objects.bulk_update(rows, ["remind_at", "reminded"])
    return len(rows)


def _owners(row: Deadline, duty: Duty, seeing: Sequence[Officer], *, late: bool) -> set[int]:
    """Return whom to tell of something due: its owner; whoever sees it if late or owned by none."""
    if row.owner == "reporter":
        owners = {duty.person_id}
    else:
        owners = {one.person_id for one in seeing if one.role in OWNERS[row.owner]}
    everybody = {one.person_id for one in seeing}
    return owners | everybody if late or not owners else owners


def sweep_asked() -> int:
    """Remind whoever has opened a tip about abuse and has not answered; returns how many.

    Who above them hears of it: ``silence.sweep_silence``.
    """
    with transaction.atomic():
        now = database_second()
        rows = list(_due(Asked.objects.all(), now))
        excluded = excluded_in({row.matter_id for row in rows})
        for row in rows:
            row.reminded += 1
            if is_excluded(row.person_id, row.matter_id, excluded):
                # Kept from them since: they hear no more of it.
                row.remind_at = now + _LONG
                continue
            tell(row.person_id, "suspicion_asked", {})
            waited = (now - row.asked_at) if row.asked_at < now else timedelta(minutes=1)
            row.remind_at = now + min(MOST_SELDOM, waited)
        Asked.objects.bulk_update(rows, ["remind_at", "reminded"])
    return len(rows)


def _due[M: (Duty, Deadline, Asked)](rows: QuerySet[M], now: datetime) -> QuerySet[M]:
    """Lock what is due and wait for nothing: whoever writes a report down holds the row now."""
    due = rows.filter(remind_at__lte=now).order_by("remind_at", "pk")
    return due.select_for_update(skip_locked=True)[:_BATCH]


def _zones(districts: Iterable[int]) -> dict[int, ZoneInfo]:
    rows = District.objects.filter(pk__in=set(districts)).values_list("pk", "time_zone")
    return {pk: ZoneInfo(zone) for pk, zone in rows}


def _local(at: datetime, zone: ZoneInfo) -> str:
    """Write a due time as the codes of notices carry it: local time, to the minute.

    What is due as a day ends is written as that day's 24:00 (ISO 8601), and told as its end.
    """
    local = at.astimezone(zone)
    if local.time() == time():
        local -= timedelta(days=1)
        return local.isoformat(timespec="minutes").replace("T00:00", "T24:00")
    return local.isoformat(timespec="minutes")
