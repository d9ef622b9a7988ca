"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "callouts_site",
        "as long as the team goes out",
        (
            Column(
                "team_id, district_id, name, towns, neighbors, slow, slow_code, slow_until,"
                " desk_by, desk_until",
                "which teams go out, to which towns, who is asked next, how the roads are and who"
                " keeps the desk; about no child",
            ),
        ),
    ),
    Table(
        "callouts_callout",
        "a year after it ended, if no hold keeps it; what makes a visit dangerous, at its end",
        (
            Column(
                "id, district_id, matter_id, site_id, way, subject_id, asked_team, asked_by,"
                " language, danger, crowded, state, held_by, ring, alert_id, due_at, panic_at,"
                " asked_at, go_at, planned_at, eta_at, arrived_at, ended_at, outcome",
                "who is asked and what falls due, and both clocks; which child, where and why is"
                " sealed, and no position of a clinician is kept",
            ),
        ),
    ),
    Table(
        "callouts_event",
        "with its callout",
        (
            Column(
                "id, callout_id, district_id, kind, at, person_id, to_id, until, code",
                "each step with its time, which nobody changes: what the clocks are made of",
            ),
        ),
    ),
)
