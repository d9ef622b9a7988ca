"""Who may see and write which rows of closings and second opinions."""

from upstander.schema.rows import (
    CENTER,
    DISTRICT,
    EVERY_ROW,
    SCHOOL,
    WORKER,
    Table,
    add,
    by_person,
    change,
    columns,
    equals,
    grant,
    is_null,
    keep,
    narrowed,
    sql,
    table,
    through,
)

TABLES: tuple[Table, ...] = (
    table(
        "decisions_closing",
        grant(
            (CENTER, SCHOOL, DISTRICT),
            "SELECT",
            "INSERT",
            columns("UPDATE", "reopened_at reopened_by"),
        ),
        narrowed(
            add(
                "handed",
                DISTRICT,
                sql(
                    """
                tip_id IN (SELECT y.tip_id FROM tips_recipient y WHERE y.holder = ANY ((SELECT
                api.scope_holders())::text[]))
                """,
                    reason=("handed to this reader, not only to somebody of the district"),
                ),
            )
        ),
        narrowed(
            change(
                "handed_too",
                DISTRICT,
                sql(
                    """
                tip_id IN (SELECT y.tip_id FROM tips_recipient y WHERE y.holder = ANY ((SELECT
                api.scope_holders())::text[]))
                """,
                    reason=("handed to this reader, not only to somebody of the district"),
                ),
            )
        ),
        keep("of_tip", (CENTER, SCHOOL, DISTRICT), through("tips_tip", "tip_id")),
    ),
    table(
        "decisions_secondopinion",
        grant(
            (CENTER, SCHOOL, DISTRICT),
            "SELECT",
            "INSERT",
            columns("UPDATE", "decided_at decided_by state"),
        ),
        grant(WORKER, "SELECT", columns("UPDATE", "decided_at state")),
        narrowed(
            add(
                "handed",
                DISTRICT,
                sql(
                    """
                tip_id IN (SELECT y.tip_id FROM tips_recipient y WHERE y.holder = ANY ((SELECT
                api.scope_holders())::text[]))
                """,
                    reason=("handed to this reader, not only to somebody of the district"),
                ),
            )
        ),
        narrowed(
            change(
                "handed_too",
                DISTRICT,
                sql(
                    """
                tip_id IN (SELECT y.tip_id FROM tips_recipient y WHERE y.holder = ANY ((SELECT
                api.scope_holders())::text[]))
                """,
                    reason=("handed to this reader, not only to somebody of the district"),
                ),
            )
        ),
        keep("of_tip", (CENTER, SCHOOL, DISTRICT), through("tips_tip", "tip_id")),
        narrowed(
            change(
                "own_decision",
                (CENTER, SCHOOL, DISTRICT),
                EVERY_ROW,
                is_null("decided_by") | by_person("decided_by"),
            )
        ),
        narrowed(
            add(
                "own_name",
                (CENTER, SCHOOL, DISTRICT),
                by_person("proposed_by") & equals("state", "open"),
            )
        ),
        keep("worker", WORKER, EVERY_ROW),
    ),
)
