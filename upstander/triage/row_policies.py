"""Who may see and write which rows of triage, and of what lies beneath it."""

from upstander.schema.rows import (
    CENTER,
    DISTRICT,
    SCHOOL,
    Table,
    add,
    columns,
    grant,
    keep,
    see,
    sql,
    table,
    through,
    within,
)

TABLES: tuple[Table, ...] = (
    table(
        "approvals_approval",
        see(
            "getting",
            CENTER,
            sql(
                """
                kind = ANY ('{district_center,catch_all}'::text[])
                AND split_part(value, ':', 1) = ANY ((SELECT api.supervised_centers())::text[])
                """,
                reason="supervisors of the center that is to get a district know of it",
            ),
        ),
    ),
    table(
        "carriers_notice",
        add("of_move", CENTER, within("person_id", "api.told_by_moves")),
    ),
    table(
        "triage_assessment",
        grant(CENTER, "SELECT", "INSERT"),
        keep("center", CENTER, through("tips_tip", "tip_id")),
    ),
    table(
        "vault_signedstatement",
        see(
            "of_move",
            CENTER,
            sql(
                """
                subject IN (SELECT x.subject FROM approvals_approval m, unnest(ARRAY[
                    'team:' || split_part(m.value, ':', 2), 'district:' || m.district_id])
                    x (subject) WHERE m.kind = ANY ('{district_center,catch_all}'::text[]))
                """,
                reason="whoever signs a move compares the other center's team with what is signed",
            ),
        ),
    ),
    table(
        "triage_handoff",
        grant(
            CENTER,
            "SELECT",
            "INSERT",
            columns("UPDATE", "holders home_since returned_at returned_by"),
        ),
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
