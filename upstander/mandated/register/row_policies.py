"""Who may see and write which rows of register, and of what lies beneath it."""

from upstander.schema.rows import (
    CENTER,
    DISTRICT,
    SCHOOL,
    Table,
    by_folder,
    grant,
    is_null,
    narrowed,
    see,
    sql,
    table,
    through,
    within,
)

TABLES: tuple[Table, ...] = (
    table(
        "audit_entry",
        narrowed(
            see(
                "register",
                (CENTER, SCHOOL, DISTRICT),
                sql(
                    """
                CASE WHEN subject_kind = 'register' THEN district_id = ANY ((SELECT
                api.register_districts())::bigint[]) AND EXISTS (SELECT 1 FROM matters_folder f
                WHERE f.id = {table}.subject_id::uuid) WHEN subject_kind = 'register search'
                THEN district_id = ANY ((SELECT api.register_districts())::bigint[]) ELSE TRUE
                END
                """,
                    reason=(
                        "the record names its subject by a text; the register has its own readers"
                    ),
                ),
            )
        ),
    ),
    table(
        "register_decision",
        grant((SCHOOL, DISTRICT), "SELECT"),
        see("opens", (SCHOOL, DISTRICT), through("register_disclosure", "disclosure_id")),
    ),
    table(
        "register_disclosure",
        grant((SCHOOL, DISTRICT), "SELECT"),
        see(
            "opens",
            (SCHOOL, DISTRICT),
            within("district_id", "api.register_districts") & by_folder(),
        ),
    ),
    table(
        "register_entry",
        grant((SCHOOL, DISTRICT), "SELECT"),
        see(
            "opens",
            (SCHOOL, DISTRICT),
            within("district_id", "api.register_districts") & is_null("disposed_at") & by_folder(),
        ),
    ),
    table(
        "register_event",
        grant((SCHOOL, DISTRICT), "SELECT"),
        see("opens", (SCHOOL, DISTRICT), through("register_entry", "entry_id")),
    ),
    table(
        "register_proposal",
        grant((SCHOOL, DISTRICT), "SELECT"),
        see("opens", (SCHOOL, DISTRICT), through("register_entry", "entry_id")),
    ),
    table(
        "register_blindindex",
        grant((SCHOOL, DISTRICT), "SELECT"),
        see("opens", (SCHOOL, DISTRICT), through("register_entry", "entry_id")),
    ),
)
