"""Who may see and write which rows of cases, and of what lies beneath it."""

from upstander.schema.rows import (
    DISTRICT,
    EVERY_ROW,
    SCHOOL,
    WORKER,
    Table,
    add,
    by_district_office,
    by_folder,
    by_person,
    by_team,
    change,
    columns,
    differs,
    equals,
    grant,
    is_null,
    keep,
    listed_in,
    narrowed,
    not_excluded,
    numbers,
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
                "cases_apart",
                DISTRICT,
                differs("subject_kind", "case")
                | sql(
                    """
                EXISTS (SELECT 1 FROM cases_case c WHERE c.id = CASE WHEN {table}.subject_kind =
                'case' THEN {table}.subject_id::uuid ELSE NULL::uuid END)
                """,
                    reason=("the record names its subject by a text"),
                ),
            )
        ),
        see(
            "of_case",
            (SCHOOL, DISTRICT),
            equals("subject_kind", "case")
            & sql(
                """
                EXISTS (SELECT 1 FROM cases_case c WHERE c.id = CASE WHEN {table}.subject_kind =
                'case' THEN {table}.subject_id::uuid ELSE NULL::uuid END)
                """,
                reason=("the record names its subject by a text"),
            ),
        ),
    ),
    table(
        "cases_case",
        grant(
            (SCHOOL, DISTRICT),
            "SELECT",
            "INSERT",
            columns(
                "UPDATE",
                "aimed_home_asked_at changed_at closed_at concern disposition home_asked_at",
                "inner_id items life_safety maker_home_asked_at owner_id state",
                "their_home_asked_at",
            ),
        ),
        add(
            "opened",
            (SCHOOL, DISTRICT),
            by_person("opened_by")
            & by_team()
            & sql(
                """
                EXISTS (SELECT 1 FROM matters_folder f WHERE f.id = {table}.id AND f.kind =
                'case' AND f.opened_by = {table}.opened_by AND f.matter_id = {table}.matter_id
                AND f.district_id = {table}.district_id AND NOT f.school_id IS DISTINCT FROM
                {table}.school_id)
                """,
                reason=("a case is its own folder, of the same person, matter and place"),
            ),
        ),
        see("seen", (SCHOOL, DISTRICT), by_folder("id") & not_excluded()),
        change("worked", (SCHOOL, DISTRICT), by_folder("id") & not_excluded()),
    ),
    table(
        "cases_caseaction",
        grant(
            (SCHOOL, DISTRICT),
            "SELECT",
            "INSERT",
            columns("UPDATE", "ended_at ended_by ending owner_id remind_at"),
        ),
        grant(
            WORKER,
            columns("SELECT", "ended_at id remind_at reminded"),
            columns("UPDATE", "remind_at reminded"),
        ),
        change(
            "ended",
            (SCHOOL, DISTRICT),
            through("cases_case", "case_id") & by_folder(),
            by_person("ended_by") | is_null("ended_at"),
        ),
        add(
            "own",
            (SCHOOL, DISTRICT),
            by_person("made_by")
            & is_null("ended_at")
            & sql(
                """
                EXISTS (SELECT 1 FROM cases_case c WHERE c.id = {table}.case_id AND
                c.district_id = {table}.district_id AND ({table}.folder_id = c.id OR
                {table}.folder_id = c.inner_id))
                """,
                reason="in one of the case's two folders",
            )
            & by_folder(),
        ),
        see("seen", (SCHOOL, DISTRICT), through("cases_case", "case_id") & by_folder()),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "cases_caseclosing",
        grant(
            (SCHOOL, DISTRICT),
            "SELECT",
            "INSERT",
            columns("UPDATE", "reopened_at reopened_by reviewed_at reviewed_by state"),
        ),
        change("judged", (SCHOOL, DISTRICT), through("cases_case", "case_id")),
        add(
            "own",
            (SCHOOL, DISTRICT),
            by_person("proposed_by") & through("cases_case", "case_id", same="district_id"),
        ),
        see("seen", (SCHOOL, DISTRICT), through("cases_case", "case_id")),
    ),
    table(
        "cases_caseitem",
        grant((SCHOOL, DISTRICT), "SELECT", "INSERT"),
        add(
            "own",
            (SCHOOL, DISTRICT),
            by_person()
            & sql(
                """
                EXISTS (SELECT 1 FROM cases_case c WHERE c.id = {table}.case_id AND
                c.district_id = {table}.district_id AND ({table}.folder_id = c.id OR
                {table}.folder_id = c.inner_id))
                """,
                reason="in one of the case's two folders",
            )
            & by_folder(),
        ),
        see("seen", (SCHOOL, DISTRICT), through("cases_case", "case_id") & by_folder()),
    ),
    table(
        "cases_caselink",
        grant((SCHOOL, DISTRICT), "SELECT", "INSERT"),
        numbers(SCHOOL, DISTRICT),
        add(
            "own",
            (SCHOOL, DISTRICT),
            by_person()
            & through("cases_case", "case_id", same="district_id")
            & through("cases_case", "other_id"),
        ),
        see(
            "seen",
            (SCHOOL, DISTRICT),
            through("cases_case", "case_id") & through("cases_case", "other_id"),
        ),
    ),
    table(
        "cases_casetip",
        grant((SCHOOL, DISTRICT), "SELECT", "INSERT"),
        numbers(SCHOOL, DISTRICT),
        add(
            "own",
            (SCHOOL, DISTRICT),
            by_person()
            & through("cases_case", "case_id", same="district_id")
            & sql(
                """
                EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = {table}.tip_id AND t.matter_id =
                {table}.matter_id AND t.district_id = {table}.district_id)
                """,
                reason=("the tip's own matter and district, so that nothing is carried over"),
            ),
        ),
        see("seen", (SCHOOL, DISTRICT), through("cases_case", "case_id")),
    ),
    table(
        "escalations_alert",
        keep(
            "district",
            DISTRICT,
            by_district_office()
            & (
                listed_in("subject_id", "tips_recipient", "tip_id")
                | within("id", "api.asked_alerts", "uuid")
            )
            & not_excluded(),
        ),
    ),
)
