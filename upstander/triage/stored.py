"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "triage_move",
        "kept: codes and ids, no words",
        (
            Column(
                "id, what, district_id, from_center_id, to_center_id, to_team_id, asked_by,"
                " asked_at, outcome, decided_by, decided_at",
                "which center was to serve which district, who asked and who decided",
            ),
        ),
    ),
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
