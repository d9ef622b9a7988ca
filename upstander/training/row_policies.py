"""Who may see and write the ledger of training: a school's office its own, the district's all."""

from upstander.schema.rows import (
    ADMIN,
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
    differs,
    equals,
    grant,
    narrowed,
    numbers,
    see,
    sql,
    table,
    through,
)

_POSTS = "((SELECT api.training_posts())::text[])"
_OFFICE = sql(
    f"""
    ARRAY['head_of_school:' || school_id, 'designee:' || school_id,
    'compliance_lead:' || district_id, 'superintendent:' || district_id] && {_POSTS}
    """,
    reason="by post: a school's office sees its school, two of a district's its district",
)
_KEEPER = sql(
    f"ARRAY['compliance_lead:' || district_id, 'superintendent:' || district_id] && {_POSTS}",
    reason="by post: a personnel file is read in for a whole district",
)
_SIGNS = sql(
    f"""
    CASE WHEN school_id IS NULL THEN 'superintendent:' || district_id
    ELSE 'head_of_school:' || school_id END = ANY {_POSTS}
    """,
    reason="by post: a head signs for a school, the superintendent for the district",
)
_OWN = sql(
    """
    EXISTS (SELECT 1 FROM training_employee x
    WHERE x.id = employee_id AND x.person_id = (SELECT api.scope_person()))
    """,
    reason="nobody writes down their own paper, and nobody takes another's course",
)

_EMPLOYEE = through("training_employee", "employee_id")
_CERTIFICATION = through("training_certification", "certification_id")

TABLES: tuple[Table, ...] = (
    table(
        "audit_entry",
        narrowed(
            see("apart", (CENTER, DISTRICT, ADMIN), differs("subject_kind", "training")),
        ),
        narrowed(
            see(
                "office",
                SCHOOL,
                sql(
                    f"subject_kind <> 'training' OR cardinality({_POSTS}) > 0",
                    reason="by post: a school's team reads nothing of its colleagues' training",
                ),
            )
        ),
    ),
    table(
        "training_employee",
        grant(
            SCHOOL,
            "SELECT",
            "INSERT",
            columns("UPDATE", "school_id job left_on away_from away_until name email renewed_on"),
        ),
        grant(DISTRICT, "SELECT"),
        grant(WORKER, "SELECT", columns("UPDATE", "person_id renewed_on")),
        numbers(SCHOOL),
        see("office", SCHOOL, _OFFICE),
        see("own", (SCHOOL, DISTRICT), by_person()),
        add("reads_in", SCHOOL, _KEEPER),
        change("reads_in_again", SCHOOL, _KEEPER),
        see("worker", WORKER, EVERY_ROW),
        change("worker_renews", WORKER, EVERY_ROW),
    ),
    table(
        "training_completion",
        grant((SCHOOL, DISTRICT), "SELECT", "INSERT"),
        grant(WORKER, "SELECT"),
        numbers(SCHOOL, DISTRICT),
        see("staff", (SCHOOL, DISTRICT), _EMPLOYEE),
        add(
            "writes",
            (SCHOOL, DISTRICT),
            _EMPLOYEE
            & by_person("recorded_by")
            & ((equals("way", "here") & _OWN) | (differs("way", "here") & ~_OWN)),
        ),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "training_due",
        grant(SCHOOL, "SELECT", columns("UPDATE", "link_hash misses expires_at used_at")),
        grant(DISTRICT, "SELECT"),
        grant(WORKER, "SELECT", "INSERT", "UPDATE"),
        numbers(WORKER),
        see("staff", (SCHOOL, DISTRICT), _EMPLOYEE),
        change("links", SCHOOL, _EMPLOYEE & ~_OWN),
        see("worker", WORKER, EVERY_ROW),
        add("worker_adds", WORKER, EVERY_ROW),
        change("worker_renews", WORKER, EVERY_ROW),
    ),
    table(
        "training_certification",
        grant(SCHOOL, "SELECT", "INSERT"),
        numbers(SCHOOL),
        see("office", SCHOOL, _OFFICE),
        add("signs", SCHOOL, _SIGNS & by_person("signed_by")),
    ),
    table(
        "training_finding",
        grant(SCHOOL, "SELECT", "INSERT"),
        numbers(SCHOOL),
        see("office", SCHOOL, _CERTIFICATION),
        add("finds", SCHOOL, _CERTIFICATION & by_person("found_by")),
    ),
    table(
        "training_coursereview",
        grant(ADMIN, "SELECT", "INSERT"),
        numbers(ADMIN),
        see("read", ADMIN, EVERY_ROW),
        add("said", ADMIN, by_person()),
    ),
)
