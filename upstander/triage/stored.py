"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "triage_assessment",
        "tip",
        (
            Column(
                "id, tip_id, district_id, person_id, priority, suggested, next_check_at, at",
                "what is due; fields and reasons are sealed",
            ),
        ),
    ),
    Table(
        "triage_handoff",
        "tip",
        (
            Column(
                "id, tip_id, district_id, holders, by, at, with_words, returned_at, returned_by",
                "who was given what, when",
            ),
        ),
    ),
)
