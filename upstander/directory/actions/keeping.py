"""A keeper's word on the facts of a service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db.models import TextField
from django.db.models.functions import MD5, Cast

from upstander.audit.actions import record
from upstander.directory.facts import CHECKED_FOR, Places
from upstander.directory.merging import settled
from upstander.directory.models import Organization, Service
from upstander.directory.records import with_places
from upstander.people.scope import Viewer, viewing

#: The digest by which the database knows that a record's words have been read.
READ = MD5(Cast("record", TextField()))


def confirm_service(service: Service, *, actor: Viewer, hours_of: str = "") -> Service:
    """Record that ``actor`` has checked every fact of a service today; clears the mark.

    ``hours_of``: whose hours hold, where sources differ; the other ones go. What was said of its
    numbers before is settled. Its keeper, or who confirms it if it has none, hears of it when it is
    due again. Raises Service.DoesNotExist if it is gone.
    """
    with _said(service, "confirm service", actor) as (row, now):
        was, row.record = row.record, settled(row.record, hours_of)
        row.confirmed, row.assured_by, row.assured_on = True, actor.person_id, now.date()
        row.keeper = row.keeper or actor.person_id
        row.recheck_at = now + CHECKED_FOR
        row.save(
            update_fields=(
                *("record", "confirmed", "assured_by", "assured_on", "keeper", "recheck_at"),
            )
        )
        if row.record != was and not row.withheld:
            # Less of what had been read: no word is new.
            Service.objects.filter(pk=row.pk).update(read_mark=READ)
        row.failures.all().delete()
    return row


def doubt_service(service: Service, *, actor: Viewer) -> Service:
    """Put the mark "not yet confirmed" back, because a fact has become doubtful."""
    with _said(service, "doubt service", actor) as (row, now):
        row.confirmed, row.assured_by = False, actor.person_id
        row.recheck_at = now + timedelta(days=1)
        row.save(update_fields=("confirmed", "assured_by", "recheck_at"))
    return row


def set_listed(service: Service, listed: bool, *, actor: Viewer) -> Service:
    """Show a service on the public page, or take it off: a wrong number harms at once."""
    with _said(service, "list service" if listed else "unlist service", actor) as (row, _):
        row.listed = listed
        row.save(update_fields=("listed",))
    return row


def set_kept(service: Service, kept: bool, *, actor: Viewer) -> Service:
    """Take a service on, so that its next check falls to ``actor``; or let it go."""
    with _said(service, "keep service" if kept else "leave service", actor) as (row, _):
        row.keeper = actor.person_id if kept else None
        row.save(update_fields=("keeper",))
    return row


def set_places(service: Service, free: int, *, actor: Viewer) -> Service:
    """Say how many places of a service are free now. It stays confirmed, and read: no word is new.

    Raises Service.DoesNotExist if it is gone.
    """
    with _said(service, "count places", actor) as (row, now):
        row.record = with_places(row.record, Places(free, now))
        row.save(update_fields=("record",))
        if not row.withheld:
            Service.objects.filter(pk=row.pk).update(read_mark=READ)
    return row


def read_words(service: Service, *, actor: Viewer) -> Service:
    """Record that ``actor`` read every word of a confidential service, and of who runs it.

    None of them tells where it is, so they may be shown. Another word, and they are unread again.
    """
    with _said(service, "read service", actor) as (row, _):
        Service.objects.filter(pk=row.pk).update(read_mark=READ)
        Organization.objects.filter(pk=row.organization_id).update(read_mark=READ)
    row.refresh_from_db(fields=("read_mark",))
    return row


@contextmanager
def _said(service: Service, action: str, actor: Viewer) -> Iterator[tuple[Service, datetime]]:
    """Give the service, locked, and the moment; what was done with it stands in the record."""
    with viewing(actor) as now:
        row = Service.objects.select_for_update().get(pk=service.pk)
        yield row, now
        record(
            action,
            actor=actor,
            subject_kind="service",
            subject_id=row.slug[:40],
            district_id=row.district_id,
        )
