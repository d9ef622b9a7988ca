"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "decisions_closing",
        "tip",
        (
            Column(
                "id, tip_id, district_id, disposition, audience, handoff_id, "
                "person_id, at, reopened_at, reopened_by",
                "figures; the reason is sealed",
            ),
        ),
    ),
    Table(
        "decisions_secondopinion",
        "tip",
        (
            Column(
                "id, tip_id, district_id, kind, to_priority, disposition, "
                "proposed_by, proposed_at, turn, expires_at, state, decided_by, "
                "decided_at, audience, handoff_id",
                "the database checks that the second person is another",
            ),
        ),
    ),
)
