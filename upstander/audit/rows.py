"""The rows of sealed tables, held against what the record sealed of them.

Only what stands beside the record is found here: a row that its last digest doesn't fit, and one
that the owner's login changed in a transaction that added no entry. Whether a digest itself is as
it was sealed is seen where the tree is walked (`checking`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC

from django.db import connection, transaction

from upstander.audit.actions import Actor, record
from upstander.audit.models import Entry, RowSeal
from upstander.audit.verifier.whole import Finding
from upstander.schema.sealed_rows import sealed_tables

#: Subject of the entries by which somebody answers for what was done by hand (`accept_rows`).
ACCEPTED = "rows"

#: Each row beside the last digest that was sealed of it; only where the two differ.
_DIFFERENT = """
    WITH last AS (
        SELECT DISTINCT ON (relation, key) relation, key, id, xid, digest FROM audit_rowseal
        WHERE relation IN ({names}) ORDER BY relation, key, id DESC),
    stands (relation, key, digest) AS ({rows})
    SELECT relation, key, stands.digest AS stands, last.digest AS sealed, last.id AS number,
        e.id AS entry, e.at, e.action FROM stands FULL JOIN last USING (relation, key)
    LEFT JOIN LATERAL (SELECT id, at, action FROM audit_entry
        WHERE xid = last.xid ORDER BY id LIMIT 1) e ON true
    WHERE coalesce(stands.digest, '') IS DISTINCT FROM last.digest
"""
#: What was changed by hand, with no entry in the same transaction, and nobody has answered for.
_SILENT = """
    SELECT s.relation, s.key, s.id, s.digest = '' FROM audit_rowseal s
    WHERE s.by_hand AND NOT EXISTS (SELECT 1 FROM audit_entry e WHERE e.xid = s.xid)
      AND s.id > (SELECT coalesce(max((detail ->> 'upto')::bigint), 0) FROM audit_entry
                  WHERE subject_kind = %s AND detail ? 'upto')
    ORDER BY s.id
"""


def leaves_of_rows(numbers: Iterable[int]) -> dict[int, bytes]:
    """Return the leaf hash of each digest of these numbers, made from what stands there now."""
    wanted = list(numbers)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, audit_seal_leaf(s) FROM audit_rowseal s WHERE id = ANY (%s)", [wanted]
        )
        return {number: bytes(leaf) for number, leaf in cursor.fetchall()}


def check_rows() -> list[Finding]:
    """Name each row that was changed, removed or planted beside the record.

    As the database's owner, in one snapshot.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return list(_found())


def accept_rows(reason: str, actor: Actor) -> list[Finding]:
    """Seal all rows as they stand now, and say in the record that it was done, and why.

    As the owner, for a repair that had to go past the product. Returns what was wrong until now;
    where nothing was, nothing is recorded. One of those rows that somebody changes meanwhile still
    counts as changed afterwards: call it again.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        # Who writes meanwhile seals their own.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found = list(_found())
        if not found:
            return []
        upto = RowSeal.objects.order_by("-id").values_list("id", flat=True).first() or 0
        seal = (
            "SELECT audit_seal_row(p_relation => d.relation, p_key => d.key, p_digest => d.stands)"
        )
        cursor.execute(f"{seal} FROM ({_different()}) d")
        record(
            "rows accepted",
            actor=actor,
            subject_kind=ACCEPTED,
            subject_id=upto,
            detail={"upto": upto, "rows": len(found), "reason": reason},
        )
    return found


def accepted() -> Iterator[str]:
    """Tell in words when somebody answered for changes by hand, for how many rows, and why."""
    for entry in Entry.objects.filter(subject_kind=ACCEPTED).order_by("id"):
        said = f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
        rows, reason = entry.detail.get("rows"), entry.detail.get("reason")
        yield f"{said} (entry {entry.pk}): {rows} rows accepted as they stood: {reason}"


def _found() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(f"{_different()} ORDER BY relation, key")
        for relation, key, stands, sealed, number, entry, at, action in cursor.fetchall():
            what = f"row {relation} {key}"
            said = "with no entry"
            if entry is not None:
                said = f"with {action!r} of {at.astimezone(UTC):%Y-%m-%d %H:%M:%S} (entry {entry})"
            if sealed is None:
                yield Finding("inserted", None, f"{what} came without the record")
            elif stands is None:
                yield Finding("deleted", number, f"{what} was sealed last {said}, and is gone")
            elif not sealed:
                yield Finding("inserted", number, f"{what} went {said}, and is there again")
            else:
                yield Finding("changed", number, f"{what} is not as it was sealed last, {said}")
        cursor.execute(_SILENT, [ACCEPTED])
        for relation, key, number, gone in cursor.fetchall():
            how = "removed" if gone else "written"
            says = f"row {relation} {key} was {how} by the database's owner, with no entry"
            yield Finding("unrecorded", number, says)


def _different() -> str:
    tables = sealed_tables()
    names = ", ".join(f"'{one.name}'" for one in tables)
    rows = (
        f"SELECT '{one.name}', t.{one.key}::text, {one.digest} FROM {one.name} t"  # noqa: S608
        for one in tables
    )
    return _DIFFERENT.format(names=names, rows=" UNION ALL ".join(rows))
