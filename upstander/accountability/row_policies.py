"""Who may see and write which rows of accountability, and of what lies beneath it."""

from upstander.schema.rows import (
    CENTER,
    DISTRICT,
    SCHOOL,
    Table,
    add,
    by_center,
    by_district,
    by_district_office,
    by_person,
    change,
    columns,
    grant,
    keep,
    listed_in,
    numbers,
    see,
    sql,
    table,
    within,
)

TABLES: tuple[Table, ...] = (
    table(
        "accountability_casefigures",
        grant(
            (SCHOOL, DISTRICT),
            "SELECT",
            "INSERT",
            columns("UPDATE", "at disability grade groups person_id"),
        ),
        keep(
            "of_case",
            (SCHOOL, DISTRICT),
            sql(
                """
                EXISTS (SELECT 1 FROM cases_case c WHERE c.id = {table}.case_id AND c.state =
                'closed')
                """,
                reason="figures are filled in of closed cases alone",
            ),
            by_person()
            & sql(
                """
                EXISTS (SELECT 1 FROM cases_case c WHERE c.id = {table}.case_id AND c.state =
                'closed' AND c.district_id = {table}.district_id AND c.matter_id =
                {table}.matter_id)
                """,
                reason="figures are filled in of closed cases alone",
            ),
        ),
    ),
    table(
        "accountability_division",
        grant((CENTER, SCHOOL), "SELECT"),
        grant(DISTRICT, "SELECT", "INSERT", columns("UPDATE", "ended_at")),
        numbers(DISTRICT),
        change("lead_ends", DISTRICT, by_district_office()),
        add("lead_makes", DISTRICT, by_person("made_by") & by_district_office()),
        see("own", CENTER, by_center()),
        see("own_2", (SCHOOL, DISTRICT), by_district()),
    ),
    table(
        "accountability_gathered",
    ),
    table(
        "accountability_journey",
        grant(CENTER, "SELECT"),
        grant(
            (SCHOOL, DISTRICT),
            columns(
                "SELECT",
                "acknowledged_after closed district_id ended_after handed_hour",
                "handed_off_at handed_weekday paged_after priority school_id tip_id",
            ),
        ),
        see("center", CENTER, by_center() & ~within("tip_id", "api.excluded_tips", "uuid")),
        see(
            "district",
            DISTRICT,
            by_district_office()
            & listed_in("tip_id", "tips_recipient", "tip_id")
            & ~within("tip_id", "api.excluded_tips", "uuid"),
        ),
        see(
            "school",
            SCHOOL,
            sql(
                """
                tip_id IN (SELECT y.tip_id FROM tips_recipient y WHERE y.holder = ANY ((SELECT
                api.scope_holders())::text[]))
                """,
                reason=("handed to this reader, not only to somebody of the district"),
            )
            & ~within("tip_id", "api.excluded_tips", "uuid"),
        ),
    ),
)
