"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

_KEPT = "as long as the district must show who was trained"
TABLES = (
    Table(
        "training_employee",
        _KEPT,
        (
            Column(
                "id, district_id, school_id, job, hired_on, left_on, away_from, away_until,"
                " person_id, renewed_on",
                "what falls due when, of somebody who has no name here; name and address are"
                " sealed",
            ),
        ),
    ),
    Table(
        "training_completion",
        _KEPT,
        (
            Column(
                "id, employee_id, course, version, completed_on, recorded_at, way, recorded_by",
                "that a course was done, and when it was written down; no answer of a quiz",
            ),
        ),
    ),
    Table(
        "training_due",
        _KEPT,
        (
            Column(
                "id, employee_id, rule, course, since, due_on, met_by_id, ended_on, remind_on,"
                " misses, expires_at, used_at",
                "what the worker reminds of; whose it is lies sealed with the employee",
            ),
        ),
    ),
    Table(
        "training_certification",
        _KEPT,
        (
            Column(
                "id, district_id, school_id, year, employees, late_ids, schools, signed_by,"
                " signed_at",
                "that the database can compare who is late with who was listed; the list is sealed",
            ),
        ),
    ),
    Table(
        "training_finding",
        _KEPT,
        (
            Column(
                "id, certification_id, found_by, found_at",
                "that a certification stands no more; what was found is sealed",
            ),
        ),
    ),
    Table(
        "training_coursereview",
        "kept: what was taught, and who answers for it",
        (
            Column(
                "id, course, language, digest, stands, person_id, at",
                "that two people have read a course's text as it stood, and which administrator"
                " said so; who they were is sealed",
            ),
        ),
    ),
)
