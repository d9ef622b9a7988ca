"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "approvals_approval",
        "kept: who asked for what and who agreed; what was asked in words is sealed",
        (
            Column(
                "id, kind, subject, center_id, district_id, tip_id, about, value, asked_by,"
                " asked_at, lapses_at, outcome, decided_by, decided_at",
                "the database checks that the second person is another, and not whom it lets in",
            ),
        ),
    ),
)
