"""Two matters become one when their tips are linked: exclusions and holds of either hold for it."""

from __future__ import annotations

from uuid import UUID

from django.db import connection


def merge_matters(gone: UUID, kept: UUID) -> UUID:
    """Make two matters of a district one, for good; call inside a center's ``viewing``.

    Returns the one that stands for both, locked until the transaction ends: to it the caller moves
    what may move. What can't, and names the other for ever (duties, the record), is kept from whom
    either excludes, now and later, by an exclusion on each of them. Raises ProgrammingError for a
    matter that is kept from the viewer or lies in no district of theirs.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.merge_matters(%s, %s)", [gone, kept])
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("the database named no matter")
    return UUID(str(row[0]))
