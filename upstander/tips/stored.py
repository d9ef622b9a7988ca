"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "tips_tip",
        "tip",
        (
            Column(
                "id, reference, matter_id, resent_from_id",
                "random; they join rows and tell nothing",
            ),
            Column(
                "center_id, district_id, school_id",
                "who may see it is decided by place, in the database itself",
            ),
            Column(
                "state, priority, rank, happening_now, mandated, not_see, not_see_turn, tile, "
                "language, channel, junk, disposition, ended_by_reporter, turns",
                "the queue is ordered and filtered by them; the tile is one of fourteen words",
            ),
            Column(
                "received_at, waiting_since, claimed_at, first_read_at, first_reply_at, changed_at",
                "clocks of the promise that nobody waits on silence; whole "
                "seconds. Schools are shown half-days or ten minutes",
            ),
            Column("claimed_by", "two counselors must not both answer"),
            Column(
                "kept_as",
                "how long it is kept, where a counselor judged it a matter of staff or of Title IX",
            ),
        ),
    ),
    Table(
        "tips_message",
        "tip",
        (
            Column(
                "id, tip_id, district_id, author, person_id, kind, at, turn, hidden",
                "order of the dialog and which staff member wrote; a reporter has no id",
            ),
        ),
    ),
    Table(
        "tips_note",
        "tip",
        (
            Column(
                "id, tip_id, district_id, audience, circle, kind, person_id, at, turn",
                "which side a note belongs to",
            ),
        ),
    ),
    Table(
        "tips_draft",
        "tip",
        (Column("id, tip_id, district_id, audience, kind, person_id, at", "whose draft it is"),),
    ),
    Table(
        "tips_attachment",
        "tip",
        (
            Column(
                "id, tip_id, district_id, state, at, turn",
                "a quarantined file must be refused without opening it; its place "
                "in the dialog tells what was not read yet",
            ),
        ),
    ),
    Table(
        "tips_returncode",
        "tip",
        (
            Column(
                "tip_id, district_id, pepper_version, list_version",
                "which key file and word list a code was made with",
            ),
        ),
    ),
    Table(
        "tips_talk",
        "tip",
        (
            Column(
                "tip_id, district_id, ends_at",
                "a reporter's session ends when unused; coarse to the minute, "
                "gone after half an hour",
            ),
        ),
    ),
    Table(
        "tips_recipient",
        "tip",
        (
            Column(
                "id, tip_id, district_id, holder, since, since_turn, with_words",
                "the wall between schools is built of it; a person by name stands here by a hash "
                "that no other tip has",
            ),
        ),
    ),
    Table(
        "tips_settled",
        "tip",
        (
            Column(
                "id, tip_id, district_id, how, person_id, note_id, turn, at",
                "whether a hand-off may go although the reporter said that somebody must not see "
                "it is decided without any key; who, and why not, is sealed",
            ),
        ),
    ),
    Table(
        "tips_subject",
        "tip",
        (Column("id, tip_id, district_id, at", "names are sealed; matches need the center's key"),),
    ),
    Table(
        "tips_subjectmark",
        "tip",
        (
            Column(
                "id, subject_id, tip_id, district_id",
                "says which mark is whose; the marks themselves are keyed",
            ),
        ),
    ),
)
