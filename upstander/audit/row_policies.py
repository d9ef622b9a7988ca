"""Who may see and write which rows of audit, and of what lies beneath it."""

from upstander.schema.rows import (
    ADMIN,
    CENTER,
    DISTRICT,
    EVERY_ROW,
    FORMER,
    MONITOR,
    POLICE,
    SCHOOL,
    SIGN_IN,
    WORKER,
    Table,
    add,
    columns,
    differs,
    equals,
    grant,
    keep,
    narrowed,
    see,
    table,
)

TABLES: tuple[Table, ...] = (
    table(
        "audit_checkpoint",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, MONITOR, FORMER), "SELECT"),
        grant(WORKER, "SELECT", "INSERT", columns("UPDATE", "given_at")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "audit_entry",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, FORMER), "SELECT", "INSERT"),
        # A monitor reads what was done about duties, and not by whom.
        grant(
            MONITOR,
            "INSERT",
            columns(
                "SELECT",
                "id xid at actor_kind action subject_kind subject_id district_id matter_id",
                "detail canonical leaf",
            ),
        ),
        grant((POLICE, SIGN_IN, WORKER), "INSERT"),
        narrowed(see("cases_apart", CENTER, differs("subject_kind", "case"))),
        add("signing_in", SIGN_IN, EVERY_ROW),
        add("worker", WORKER, equals("actor_kind", "system")),
    ),
    table(
        "audit_head",
        grant(WORKER, "SELECT", columns("UPDATE", "above entry size xid")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    # Written by triggers alone, sealed by hash alone, checked by the owner.
    table("audit_rowseal"),
    table(
        "audit_tile",
        grant((CENTER, ADMIN), "SELECT"),
        grant(WORKER, "SELECT", "INSERT", columns("UPDATE", "entries first hashes last")),
        keep("worker", WORKER, EVERY_ROW),
    ),
)
