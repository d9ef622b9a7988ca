"""Who may see and write sessions: whoever leads them their own, offices those of their schools."""

from upstander.schema.rows import (
    SCHOOL,
    Table,
    add,
    by_person,
    change,
    columns,
    grant,
    numbers,
    see,
    sql,
    table,
    within,
)

_OFFICE = sql(
    """
    ARRAY['head_of_school:' || school_id, 'designee:' || school_id,
    'compliance_lead:' || district_id, 'superintendent:' || district_id]
    && ((SELECT api.training_posts())::text[])
    """,
    reason="by post: a school's office sees its school, two of a district's its district",
)
_LEADS = by_person("led_by") & within("school_id", "api.lesson_schools")

TABLES: tuple[Table, ...] = (
    table(
        "lessons_session",
        grant(
            SCHOOL,
            "SELECT",
            "INSERT",
            columns(
                "UPDATE",
                "adult room opt_out families_told_on knows_duty captions",
                "begun_at ended_at present made_up opted_out",
            ),
        ),
        numbers(SCHOOL),
        see("leader", SCHOOL, _LEADS),
        see("office", SCHOOL, _OFFICE),
        add("plans", SCHOOL, _LEADS),
        change("leads", SCHOOL, _LEADS),
    ),
)
