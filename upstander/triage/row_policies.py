"""Who may see and write which rows of triage, and of what lies beneath it."""

from upstander.schema.rows import (
    ADMIN,
    ADMINISTRATOR,
    CENTER,
    DISTRICT,
    SCHOOL,
    Table,
    add,
    by_person,
    columns,
    equals,
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
        "carriers_notice",
        add("of_move", CENTER, within("person_id", "api.told_by_moves")),
    ),
    table(
        "triage_assessment",
        grant(CENTER, "SELECT", "INSERT"),
        keep("center", CENTER, through("tips_tip", "tip_id")),
    ),
    table(
        "triage_move",
        grant(ADMIN, "SELECT", "INSERT"),
        grant(CENTER, "SELECT"),
        see("admin", ADMIN, ADMINISTRATOR),
        add("admin_asks", ADMIN, ADMINISTRATOR & by_person("asked_by") & equals("outcome", "")),
        see(
            "supervisor",
            CENTER,
            within("from_center_id", "api.supervised_centers")
            | within("to_center_id", "api.supervised_centers"),
        ),
    ),
    table(
        "vault_signedstatement",
        see(
            "of_move",
            CENTER,
            sql(
                """
                subject IN (SELECT 'team:' || m.to_team_id FROM triage_move m
                            UNION ALL SELECT 'district:' || m.district_id FROM triage_move m)
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
