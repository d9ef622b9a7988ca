"""Who may see and write which rows of written, and of what lies beneath it."""

from upstander.schema.rows import (
    ADMIN,
    ADMINISTRATOR,
    CENTER,
    DISTRICT,
    FORMER,
    SCHOOL,
    SIGNED_IN,
    Table,
    add,
    by_person,
    columns,
    grant,
    keep,
    see,
    sql,
    table,
    through,
)

TABLES: tuple[Table, ...] = (
    table(
        "written_agencypdf",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT"),
        grant(ADMIN, "SELECT", "INSERT", columns("UPDATE", "fields withdrawn_at")),
        keep("admin", ADMIN, ADMINISTRATOR),
        see("staff", (CENTER, SCHOOL, DISTRICT, FORMER), SIGNED_IN),
    ),
    table(
        "written_draft",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT", "INSERT", "UPDATE", "DELETE"),
        keep(
            "own",
            (CENTER, SCHOOL, DISTRICT, FORMER),
            sql(
                """
                EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = {table}.duty_id AND
                d.district_id = {table}.district_id AND d.person_id = (SELECT
                api.scope_person()))
                """,
                reason="by the duty's owner alone",
            ),
        ),
    ),
    table(
        "written_evidence",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT", "INSERT"),
        add(
            "own",
            (CENTER, SCHOOL, DISTRICT, FORMER),
            by_person()
            & sql(
                """
                EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = {table}.duty_id AND
                d.district_id = {table}.district_id AND d.person_id = (SELECT
                api.scope_person()))
                """,
                reason="by the duty's owner alone",
            ),
        ),
        see("seen", (CENTER, SCHOOL, DISTRICT, FORMER), through("mandated_duty", "duty_id")),
    ),
    table(
        "written_report",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT", "INSERT"),
        add(
            "own",
            (CENTER, SCHOOL, DISTRICT, FORMER),
            by_person()
            & sql(
                """
                EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = {table}.duty_id AND
                d.district_id = {table}.district_id AND d.person_id = (SELECT
                api.scope_person()))
                """,
                reason="by the duty's owner alone",
            ),
        ),
        see("seen", (CENTER, SCHOOL, DISTRICT, FORMER), through("mandated_duty", "duty_id")),
    ),
)
