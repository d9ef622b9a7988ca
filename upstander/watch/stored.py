"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "watch_beat",
        "written over at each turn",
        (Column("id, worker, lane, at", "that each of the worker's lanes turns; about machines"),),
    ),
    Table(
        "watch_trouble",
        "kept: about machines",
        (
            Column(
                "id, kind, about, since, told_at, ended_at, end_told_at",
                "what was wrong with the system and when its contacts were told",
            ),
        ),
    ),
    Table(
        "watch_probeplace",
        "as long as the place is served",
        (
            Column(
                "id, center_id, district_id, team_id, person_id",
                "where synthetic tips go, so that everything real can leave them out",
            ),
        ),
    ),
    Table(
        "watch_probe",
        "kept: about machines",
        (
            Column(
                "id, began_at, state, tip_id, form_ms, filed_ms, queued_ms, "
                "due_ms, paged_ms, acknowledged_ms, failed_at, reason, ended_at",
                "how long a synthetic tip took; no child wrote it",
            ),
        ),
    ),
    Table(
        "watch_drillrule",
        "as long as the place is served",
        (Column("team_id, every_days", "how often a team is tested"),),
    ),
    Table(
        "watch_drill",
        "kept: who answered a test",
        (
            Column(
                "id, team_id, begun_by, begun_at, ends_at, state",
                "a test is announced to all who are asked",
            ),
        ),
    ),
    Table(
        "watch_drillcall",
        "kept: who answered a test",
        (
            Column(
                "id, drill_id, person_id, channel, due_at, state, sent_at, "
                "reason, attempts, lease_until, lease_token",
                "the worker must page without any key; addresses are not here",
            ),
        ),
    ),
    Table(
        "watch_drillanswer",
        "kept: who answered a test",
        (
            Column(
                "id, drill_id, person_id, channel, answer, at",
                "who answered a test is what a test is for",
            ),
        ),
    ),
)
