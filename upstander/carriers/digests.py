"""What people are told beside alerts is sent here, in a lane of its own: mail may be slow.

What waits for one person goes together. It is taken by a statement that commits before anything is
sent, so that two workers never send the same, and what one left is taken up by another.
"""

from __future__ import annotations

import logging
import time
from collections import defaultdict
from datetime import timedelta

from django.db import transaction
from django.db.models import Case, F, IntegerField, Max, Min, Q, Value, When

from upstander.base.moment import database_second
from upstander.carriers import notices
from upstander.carriers.models import ContactMethod, Notice
from upstander.carriers.queries import methods_of
from upstander.carriers.sending import deliver
from upstander.people.models import Person

log = logging.getLogger("upstander.worker")

#: One sweep talks to providers no longer than this (s); whom it did not come to are next.
SWEEP_SECONDS = 5.0
#: Seconds that a worker has to send what it took; then it is tried again: three times so soon,
#: three times after twice as long, and so on up to about an hour.
LEASE = 120
#: So often it is tried, which takes a day; then it is let go. Counted, because whoever was away for
#: a day has tried nothing.
TRIES = 36
_PEOPLE, _ROWS = 200, 1000


def sweep_notices() -> int:
    """Send what people are to be told, all that waits for one of them together; how many people.

    Each bundle waits for the one before it; what is urgent waits for nothing.
    """
    taken = _take()
    if not taken:
        return 0
    people = Person.objects.in_bulk(list(taken))
    ways = methods_of(taken, shut_out=True)
    began, told = time.monotonic(), 0
    for person_id, waits in taken.items():
        if told and time.monotonic() - began > SWEEP_SECONDS:
            _put_back([row for one in list(taken)[told:] for row in taken[one]])
            break
        told += 1
        person = people.get(person_id)
        # What another version wrote and this one has no words for is left for its next try.
        due = [row for row in waits if row.kind in notices.KINDS]
        # Whoever was shut out hears of what is still theirs to do, and of nothing else.
        over = [
            row
            for row in due
            if person is None or not (person.is_active or notices.KINDS[row.kind].after_leaving)
        ]
        if over:
            Notice.objects.filter(pk__in=[row.pk for row in over]).update(sent_at=database_second())
        rows = [row for row in due if row not in over]
        if person is None or not rows:
            continue
        at_once = [row for row in rows if notices.KINDS[row.kind].urgent]
        for group in (at_once, [row for row in rows if row not in at_once]):
            if group:
                _send_or_leave(person, group, ways.get(person_id, []), urgent=group is at_once)
    return told


def _send_or_leave(
    person: Person, rows: list[Notice], methods: list[ContactMethod], *, urgent: bool
) -> None:
    """Send, and leave what can't be for its next try: nobody else's waits for it.

    One that can't be written takes no other of the same person with it: then each goes alone.
    """
    try:
        _send(person, rows, methods, urgent=urgent)
    except Exception:
        log.exception("notices of person %s could not be sent together", person.pk)
        if len(rows) > 1:
            for row in rows:
                _send_or_leave(person, [row], methods, urgent=urgent)


def _take() -> dict[int, list[Notice]]:
    """Take what is due for two minutes, in which it must be sent; else it is sent again.

    People in the order in which they waited, those first for whom something is urgent.
    """
    with transaction.atomic():
        now = database_second()
        urgent = [name for name, kind in notices.KINDS.items() if kind.urgent]
        due = Notice.objects.filter(sent_at=None, due_at__lte=now)
        presses = Case(
            When(kind__in=urgent, then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        in_turn = due.values("person_id").annotate(first=Min("due_at"), presses=Min(presses))
        waiting = [
            row["person_id"] for row in in_turn.order_by("presses", "first", "person_id")[:_PEOPLE]
        ]
        last = dict(
            Notice.objects.filter(person_id__in=waiting, sent_at__isnull=False)
            .exclude(kind__in=urgent)
            .values_list("person_id")
            .annotate(Max("sent_at"))
        )
        early = {
            person for person, at in last.items() if at > now - timedelta(seconds=notices.BETWEEN)
        }
        rows = list(
            due.filter(Q(kind__in=urgent) | ~Q(person_id__in=early), person_id__in=waiting)
            .select_for_update(skip_locked=True)
            .order_by("pk")[:_ROWS]
        )
        for tries in {row.tries for row in rows}:
            Notice.objects.filter(pk__in=[row.pk for row in rows if row.tries == tries]).update(
                due_at=now + timedelta(seconds=LEASE * 2 ** min(tries // 3, 5)),
                tries=F("tries") + 1,
            )
    taken: defaultdict[int, list[Notice]] = defaultdict(list)
    for row in rows:
        taken[row.person_id].append(row)
    return {person: taken[person] for person in waiting if person in taken}


def _put_back(rows: list[Notice]) -> None:
    """Let what was taken and not come to be due as it was."""
    for row in rows:
        row.save(update_fields=["due_at", "tries"])


def _send(
    person: Person, rows: list[Notice], methods: list[ContactMethod], *, urgent: bool
) -> None:
    # What a function of the database wrote may be a number, not its text.
    told = [(row.kind, {name: str(code) for name, code in row.detail.items()}) for row in rows]
    outgoing = notices.bundle(person, told, urgent=urgent)
    wanted = list(dict.fromkeys(way for row in rows for way in notices.KINDS[row.kind].ways))
    sent = False
    for channel in wanted:
        for method in methods:
            if method.kind == channel and (urgent or not sent):
                sent = deliver(method, outgoing).state == "accepted" or sent
    # One that nobody can be told by any way is not tried for ever.
    over = [row.pk for row in rows if sent or row.tries + 1 >= TRIES]
    Notice.objects.filter(pk__in=over).update(sent_at=database_second())
