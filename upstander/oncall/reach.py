"""Whom something rings: who has a phone or a device that was verified, not only a mailbox."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from upstander.people.models import Person


def ringable(person_ids: Iterable[int]) -> frozenset[int]:
    """Return those of these people who can be rung: a mailbox wakes nobody. One query.

    For staff inside ``viewing`` and for the worker.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.oncall_ringable(%s::bigint[])", [list(person_ids)])
        row = cursor.fetchone()
    return frozenset(row[0] if row else ())


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of those of these people whom the viewer may know, by name."""
    found = Person.objects.filter(pk__in=list(person_ids))
    return {one.pk: one.name for one in sorted(found, key=lambda one: one.name.casefold())}
