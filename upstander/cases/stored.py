"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "cases_case",
        "case",
        (
            Column(
                "id, district_id, school_id, matter_id, team_id, reference, "
                "owner_id, opened_by, opened_at, changed_at, inner_id",
                "whose case it is and where: its walls and lists need it; no name "
                "of a student, and every word is sealed in its folder",
            ),
            Column(
                "concern, life_safety, state, items, home_asked_at, their_home_asked_at, "
                "maker_home_asked_at, aimed_home_asked_at, disposition, closed_at",
                "lists and figures; that two close it, and that each home was asked "
                "about before its parents are told, is the database's to check",
            ),
        ),
    ),
    Table(
        "cases_caseitem",
        "case",
        (
            Column(
                "id, case_id, district_id, folder_id, number, kind, about, person_id, at",
                "that somebody wrote something down, of what kind, and when; what is sealed",
            ),
        ),
    ),
    Table(
        "cases_caseaction",
        "case",
        (
            Column(
                "id, case_id, district_id, folder_id, kind, owner_id, made_by, "
                "from_at, within, due_at, closing_id, ended_at, ended_by, ending, "
                "remind_at, reminded",
                "the worker must remind of it without any key; for whom and how it went is sealed",
            ),
        ),
    ),
    Table(
        "cases_caseclosing",
        "case",
        (
            Column(
                "id, case_id, district_id, disposition, state, owner_id, "
                "proposed_by, at, reviewed_by, reviewed_at, reopened_by, "
                "reopened_at",
                "figures, and the database checks that another reviewed it; the outcome is sealed",
            ),
        ),
    ),
    Table(
        "cases_casetip",
        "case",
        (
            Column(
                "id, case_id, tip_id, district_id, matter_id, person_id, at",
                "whom a tip excludes is excluded from its cases, and its reporter is "
                "told that it is worked on",
            ),
        ),
    ),
    Table(
        "cases_caselink",
        "case",
        (
            Column(
                "id, case_id, other_id, district_id, person_id, at",
                "that two cases belong together, for who sees both",
            ),
        ),
    ),
)
