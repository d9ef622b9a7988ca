"""Troubles begin and end here. One watch at a time does this: see ``Chair``."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction

from upstander.watch.look import Found
from upstander.watch.models import Trouble

#: While a trouble lasts, its contacts are told again after so long.
AGAIN = timedelta(minutes=15)
#: Ended troubles are kept for the status page so long, then removed.
KEPT = timedelta(days=90)

#: Any number that nobody else locks.
_CHAIR = 0x75707761


class Chair:
    """Of several watches on several machines one writes and speaks: who holds this lock.

    The lock ends with the connection, so when that one dies another takes its place.
    """

    def __init__(self) -> None:
        self._held_by: int | None = None

    def mine(self) -> bool:
        """Whether this process is the one, on the connection that Django has open now."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            [(backend,)] = cursor.fetchall()
            if self._held_by == backend:
                return True
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_CHAIR])
            [(got,)] = cursor.fetchall()
        self._held_by = backend if got else None
        return bool(got)


def keep(found: Collection[Found], now: datetime) -> None:
    """Begin what is found and not yet known, and end what is found no more."""
    with transaction.atomic():
        known = {(t.kind, t.about): t for t in Trouble.objects.filter(ended_at__isnull=True)}
        Trouble.objects.bulk_create(
            [Trouble(kind=k, about=a, since=now) for k, a in found if (k, a) not in known],
            ignore_conflicts=True,
        )
        over = [trouble.pk for key, trouble in known.items() if key not in set(found)]
        Trouble.objects.filter(pk__in=over).update(ended_at=now)


def to_tell(now: datetime) -> tuple[list[Trouble], list[Trouble]]:
    """Return the troubles that somebody must be told of now, and the ended ones they knew of."""
    begun = Trouble.objects.filter(ended_at__isnull=True).order_by("since", "pk")
    fresh = [t for t in begun if t.told_at is None or t.told_at <= now - AGAIN]
    # One message tells all that is wrong, also what was told before.
    ended = Trouble.objects.filter(
        ended_at__isnull=False, told_at__isnull=False, end_told_at__isnull=True
    ).order_by("since", "pk")
    return (list(begun) if fresh else []), list(ended)


def told(begun: Collection[Trouble], ended: Collection[Trouble], now: datetime) -> None:
    """Note that somebody could be told."""
    Trouble.objects.filter(pk__in=[t.pk for t in begun]).update(told_at=now)
    Trouble.objects.filter(pk__in=[t.pk for t in ended]).update(end_told_at=now)


def forget_old(now: datetime) -> int:
    """Remove troubles that ended long ago; how many."""
    return Trouble.objects.filter(ended_at__lt=now - KEPT).delete()[0]
