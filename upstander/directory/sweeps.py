"""The worker's sweeps: services that are due to be checked again, and feeds to be read."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import datetime, timedelta

from django.db import connection, transaction

from upstander.base.moment import database_second
from upstander.base.refused import Refused
from upstander.carriers.notices import tell
from upstander.directory.actions.importing import forget_source, sha256_of, stage
from upstander.directory.facts import CHECKED_FOR
from upstander.directory.fetching import Fetched, NotAllowed, fetch
from upstander.directory.models import LineFailure, Service
from upstander.directory.sources import Source
from upstander.directory.spool import Spool, records_of
from upstander.people.scope import System

#: A keeper who was told and did nothing is told again.
AGAIN = timedelta(days=7)
_BATCH = 50
_DUE = (
    "SELECT id, keeper FROM directory_service WHERE recheck_at <= api.clock_now()"
    " ORDER BY recheck_at, id LIMIT %s FOR UPDATE SKIP LOCKED"
)


def sweep_services() -> int:
    """Tell keepers what is due; forget what was said of lines too long ago. How many were due.

    A service without a keeper waits on the directory's page and on administrators' home pages.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_DUE, [_BATCH])
            due = cursor.fetchall()
        now = database_second()
        LineFailure.objects.filter(day__lt=(now - CHECKED_FOR).date()).delete()
        for keeper, number in Counter(keeper for _, keeper in due if keeper).items():
            tell(keeper, "services_due", {"number": number})
        ids = [one for one, _ in due]
        if ids:
            Service.objects.filter(pk__in=ids).update(recheck_at=now + AGAIN)
    return len(due)


#: A worker that dies while it reads a feed: another one reads it after this.
_LEASE = timedelta(minutes=20)
#: Night in every State of the mainland, in UTC.
_NIGHT = 8


def next_night(now: datetime) -> datetime:
    """Return when feeds are read after ``now``, in UTC."""
    night = now.replace(hour=_NIGHT, minute=0, second=0, microsecond=0)
    return night if night > now else night + timedelta(days=1)


def sweep_feeds() -> int:
    """Read one feed that is due, and let what it says otherwise wait for a yes. 1 if there was one.

    Nothing of it comes in by itself: its keeper is told. It is fetched outside of a transaction;
    while it is, it belongs to this worker for a while.
    """
    with transaction.atomic():
        now = database_second()
        due = Source.objects.filter(due_at__lte=now).order_by("due_at")
        source = due.select_for_update(skip_locked=True).first()
        if source is None:
            return 0
        Source.objects.filter(pk=source.pk).update(due_at=now + _LEASE)
    try:
        found = fetch(source.url, etag=source.etag)
        if found is not None:
            _take(source, found, now)
    except NotAllowed as error:
        with transaction.atomic():
            row = Source.objects.select_for_update().filter(pk=source.pk).first()
            if row is not None and row.read_at is None:
                forget_source(row, System())
                tell(row.keeper, "source_refused")
        Source.objects.filter(pk=source.pk).update(trouble=error.words)
    except Refused as error:
        Source.objects.filter(pk=source.pk).update(trouble=error.words)
    Source.objects.filter(pk=source.pk, due_at__isnull=False).update(due_at=next_night(now))
    return 1


def _take(source: Source, found: Fetched, now: datetime) -> None:
    with found.file as file:
        files = [("feed", file)]
        digest = sha256_of(files)
        if digest == source.digest:
            Source.objects.filter(pk=source.pk).update(etag=found.etag, trouble="", read_at=now)
            return
        spool = Spool(source.pk, records_of(source.pk, source.name, files))
    with closing(spool), transaction.atomic():
        row = Source.objects.select_for_update().get(pk=source.pk)
        row.etag = found.etag
        number = stage(row, spool, digest=digest, now=now, actor=System()).total()
        if number:
            tell(row.keeper, "services_came", {"number": number})
