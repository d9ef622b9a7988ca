"""Who may see and write which rows of retention, and of what lies beneath it."""

from upstander.schema.rows import (
    ADMIN,
    CENTER,
    DISTRICT,
    EVERY_ROW,
    WORKER,
    Table,
    add,
    by_center,
    by_district_office,
    by_person,
    change,
    columns,
    equals,
    grant,
    is_null,
    keep,
    narrowed,
    not_excluded,
    numbers,
    see,
    sql,
    table,
    through,
)

TABLES: tuple[Table, ...] = (
    table(
        "retention_hold",
        grant(
            (CENTER, DISTRICT, ADMIN), "SELECT", "INSERT", columns("UPDATE", "lifted_at lifted_by")
        ),
        keep(
            "admin",
            ADMIN,
            EVERY_ROW
            & sql(
                "(SELECT api.keeps_records())",
                reason="only whoever keeps the records, whatever else they are",
            )
            & (is_null("matter_id") | not_excluded()),
        ),
        keep(
            "center",
            CENTER,
            by_center()
            & sql(
                "(SELECT api.keeps_records())",
                reason="only whoever keeps the records, whatever else they are",
            )
            & (is_null("matter_id") | not_excluded()),
        ),
        keep(
            "district",
            DISTRICT,
            by_district_office()
            & sql(
                "(SELECT api.keeps_records())",
                reason="only whoever keeps the records, whatever else they are",
            )
            & (is_null("matter_id") | not_excluded()),
        ),
        narrowed(
            add("own", (CENTER, DISTRICT, ADMIN), by_person("placed_by") & is_null("lifted_at"))
        ),
        narrowed(
            change(
                "own_lift", (CENTER, DISTRICT, ADMIN), is_null("lifted_at"), by_person("lifted_by")
            )
        ),
    ),
    table(
        "retention_item",
        grant((CENTER, DISTRICT, ADMIN), "SELECT", columns("UPDATE", "state")),
        keep(
            "admin",
            ADMIN,
            sql(
                "(SELECT api.keeps_records())",
                reason="only whoever keeps the records, whatever else they are",
            )
            & not_excluded(),
        ),
        keep(
            "center",
            CENTER,
            sql(
                "(SELECT api.keeps_records())",
                reason="only whoever keeps the records, whatever else they are",
            )
            & equals("kind", "tip")
            & through("tips_tip", "subject"),
        ),
        keep(
            "district",
            DISTRICT,
            sql(
                "(SELECT api.keeps_records())",
                reason="only whoever keeps the records, whatever else they are",
            )
            & sql(
                """
                CASE WHEN kind = 'tip' THEN EXISTS (SELECT 1 FROM tips_tip t WHERE t.id =
                {table}.subject) ELSE district_id = ANY ((SELECT
                api.lead_districts())::bigint[]) AND NOT matter_id = ANY ((SELECT
                api.excluded_matters())::uuid[]) END
                """,
                reason=("a tip as the reader sees it; what else is due, the district's office"),
            ),
        ),
    ),
    table(
        "retention_leftover",
        grant(WORKER, "SELECT", "DELETE"),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "retention_period",
        grant((CENTER, DISTRICT, WORKER), "SELECT"),
        grant(ADMIN, "SELECT", "INSERT"),
        numbers(ADMIN),
        see(
            "admin",
            ADMIN,
            EVERY_ROW
            & sql(
                "(SELECT api.keeps_records())",
                reason="only whoever keeps the records, whatever else they are",
            ),
        ),
        add(
            "admin_sets",
            ADMIN,
            by_person("set_by")
            & sql(
                "(SELECT api.keeps_records())",
                reason="only whoever keeps the records, whatever else they are",
            ),
        ),
        see(
            "center",
            CENTER,
            by_center()
            & sql(
                "(SELECT api.keeps_records())",
                reason="only whoever keeps the records, whatever else they are",
            ),
        ),
        see(
            "district",
            DISTRICT,
            by_district_office()
            & sql(
                "(SELECT api.keeps_records())",
                reason="only whoever keeps the records, whatever else they are",
            ),
        ),
        see("worker", WORKER, EVERY_ROW),
    ),
)
