"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "audit_entry",
        "kept: the record is never shortened",
        (
            Column(
                "id, xid, at, actor_kind, actor_id, actor_nonce, action, subject_kind, "
                "subject_id, district_id, matter_id, detail, canonical",
                "the record; `detail` holds codes, never words",
            ),
        ),
    ),
    Table(
        "audit_rowseal",
        "kept: the record is never shortened",
        (
            Column(
                "id, xid, relation, key, by_hand, blind",
                "of which row a digest is sealed: ids of what is there or has gone, no words",
            ),
        ),
    ),
    Table(
        "audit_tile",
        "kept: the record is never shortened",
        (
            Column(
                "id, level, number, entries, first, last",
                "which entry's hash stands where in the sealed tree; the hashes tell nothing",
            ),
        ),
    ),
    Table(
        "audit_checkpoint",
        "kept: the record is never shortened",
        (
            Column(
                "id, at, size, note, day, given_at",
                "what was signed, for anybody to check; schools and districts see "
                "the nightly ones alone",
            ),
        ),
    ),
    Table(
        "audit_head",
        "kept: the record is never shortened",
        (Column("id, size, xid, entry, above", "how far sealing has come"),),
    ),
)
