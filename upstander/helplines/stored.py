"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "helplines_client",
        "a year after it was closed, if no hold keeps it",
        (
            Column(
                "id, district_id, matter_id, begun_at, ended_at",
                "what an agency's list is sorted by; who it is, whether they were hurt or love"
                " somebody who was, and where they come from is sealed",
            ),
        ),
    ),
    Table(
        "helplines_note",
        "with its client's folder",
        (Column("id, client_id, person_id, at", "who of the agency wrote, and when"),),
    ),
    Table(
        "helplines_accompaniment",
        "with its client's folder",
        (
            Column(
                "id, client_id, district_id, matter_id, team_id, begins_at, state, held_by,"
                " alert_id, due_at, asked_at, accepted_at, arrived_at, left_at, safe_at",
                "whom the worker asks, and when; with whom, where and who may know is sealed",
            ),
        ),
    ),
    Table(
        "helplines_partner",
        "until their yes is taken back, it is called off, or the advocate left",
        (
            Column(
                "id, accompaniment_id, at, misses",
                "that somebody at the place is told, and when; who it is is sealed, and what they"
                " read lies under link and spoken words",
            ),
        ),
    ),
    Table(
        "helplines_volunteer",
        "never: it is named where they took something",
        (
            Column(
                "id, center_id, person_id, begun_by, begun_at, may_take_by, may_take_at, ended_at",
                "who of a center is a volunteer, and who said that they may take contacts; the"
                " worker rings nobody who may not",
            ),
        ),
    ),
    Table(
        "helplines_deadline",
        "with its client's folder",
        (
            Column(
                "id, client_id, district_id, person_id, due_at, remind_at, done_at",
                "whom the worker tells, and when; what falls due is sealed",
            ),
        ),
    ),
    Table(
        "helplines_intake",
        "once a legal aid office opens it or says that it conflicts; 14 days at most",
        (
            Column("id", "random"),
            Column("misses", "wrong words tried"),
            Column("until", "a midnight, from which it opens no more"),
        ),
    ),
)
