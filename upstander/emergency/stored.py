"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "emergency_sheet",
        "tip",
        (
            Column(
                "id, tip_id, district_id, number, person_id, at",
                "versions are numbered; every line of it is sealed",
            ),
        ),
    ),
    Table(
        "emergency_call",
        "tip",
        (
            Column(
                "id, tip_id, district_id, sheet_number, person_id, line, police, "
                "danger_now, why_given, request_id, flagged, called_at, at",
                "whether a second person had agreed; the share of tips that led to "
                "police; a school sees that help was called",
            ),
        ),
    ),
    Table(
        "emergency_callcorrection",
        "tip",
        (
            Column(
                "id, call_id, tip_id, district_id, person_id, at",
                "which call was never made, and who says so; a school sees that no help was called",
            ),
        ),
    ),
    Table(
        "emergency_brief",
        "tip",
        (
            Column(
                "id, tip_id, matter_id, district_id, team_id, reference, "
                "priority, state, danger_now, request_id, by, at, "
                "acknowledged_by, acknowledged_at, outcome, outcome_by, "
                "outcome_at",
                "whose it is and what became of it; the words are sealed",
            ),
        ),
    ),
    Table(
        "emergency_briefpage",
        "tip",
        (
            Column(
                "id, brief_id, tip_id, district_id, number, sheet_number, person_id, at",
                "updates are numbered",
            ),
        ),
    ),
    Table(
        "emergency_briefkey",
        "tip",
        (
            Column(
                "id, page_id, brief_id, district_id, holder, key_version",
                "finds the key to open: a team's, or an officer's by a hash that only this "
                "brief has",
            ),
        ),
    ),
    Table(
        "emergency_roster",
        "until the next import",
        (
            Column(
                "id, district_id, school_id, students, imported_by, imported_at",
                "how old it is, and how many are in it",
            ),
        ),
    ),
    Table(
        "emergency_rosterkey",
        "until the next import",
        (Column("id, roster_id, district_id, holder, key_version", "finds the key to open"),),
    ),
    Table(
        "emergency_rosterentry",
        "until the next import",
        (Column("id, roster_id, district_id", "random; names and addresses are sealed"),),
    ),
    Table(
        "emergency_rosterblindindex",
        "until the next import",
        (
            Column(
                "id, entry_id, roster_id, district_id",
                "says which blind index is whose; the blind indexes themselves are keyed",
            ),
        ),
    ),
    Table(
        "emergency_rosteropening",
        "tip",
        (
            Column(
                "id, tip_id, district_id, entry_id, person_id, at, audience, handoff_id",
                "who looked, when, for which tip; the name and the reason are sealed",
            ),
        ),
    ),
)
