"""What waits for a yes is what was read: the record keeps its digest, and each yes looks again.

Rows that wait come and go by tens of thousands each night, so they are not sealed one by one. Who
changes them past the product changes what nobody has read; nothing comes in by that.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.utils.translation import gettext

from upstander.audit.actions import Actor, record
from upstander.audit.models import Entry
from upstander.base.refused import Refused
from upstander.directory.sources import Source

_DIGEST = (
    "SELECT encode(sha256(coalesce(string_agg(sha256(convert_to(i::text, 'UTF8')), ''::bytea"
    " ORDER BY i.id), ''::bytea)), 'hex') FROM directory_incoming i WHERE i.source_id = %s"
)


def note_waiting(
    action: str, actor: Actor, source: Source, detail: Mapping[str, object] | None = None
) -> None:
    """Record what was done with a source, and what of it waits now."""
    waits = {"waits": _digest(source), "shrinks": source.shrinks}
    said = {**(detail or {}), **waits}
    record(action, actor=actor, subject_kind="source", subject_id=source.pk, detail=said)


def as_it_was_read(source: Source) -> None:
    """Look whether what waits of a source, locked, is what was read, and who agreed to it.

    As an administrator. Raises Refused.
    """
    of_it = Entry.objects.filter(subject_kind="source", subject_id=str(source.pk)).order_by("-id")
    read = of_it.filter(detail__has_key="waits").first()
    if read is not None:
        yes = of_it.filter(action="agree to import", id__gt=read.pk).first()
        known = (read.detail["waits"], read.detail["shrinks"], yes.actor_id if yes else None)
        if known == (_digest(source), source.shrinks, source.first_yes):
            return
    raise Refused(
        gettext(
            "What waits here isn’t what was read: somebody has changed it in the database. Have it"
            " read again, and tell whoever runs the server."
        )
    )


def _digest(source: Source) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, [source.pk])
        (digest,) = cursor.fetchone() or ("",)
    return str(digest)
