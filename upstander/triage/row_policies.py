"""Who may see and write which rows of triage, and of what lies beneath it."""

from upstander.schema.rows import (
    CENTER,
    DISTRICT,
    SCHOOL,
    Table,
    columns,
    grant,
    keep,
    sql,
    table,
    through,
)

TABLES: tuple[Table, ...] = (
    table(
        "triage_assessment",
        grant(CENTER, "SELECT", "INSERT"),
        keep("center", CENTER, through("tips_tip", "tip_id")),
    ),
    table(
        "triage_handoff",
        grant(CENTER, "SELECT", "INSERT", columns("UPDATE", "returned_at returned_by")),
        grant((SCHOOL, DISTRICT), "SELECT", columns("UPDATE", "returned_at returned_by")),
        keep("center", CENTER, through("tips_tip", "tip_id")),
        keep(
            "district",
            DISTRICT,
            sql(
                "CAST(holders AS text[]) && (SELECT api.scope_holders())",
                reason="a list of holders, of which one must be who asks",
            )
            & through("tips_tip", "tip_id"),
        ),
        keep(
            "school",
            SCHOOL,
            sql(
                "CAST(holders AS text[]) && (SELECT api.scope_holders())",
                reason="a list of holders, of which one must be who asks",
            )
            & through("tips_tip", "tip_id"),
        ),
    ),
)
