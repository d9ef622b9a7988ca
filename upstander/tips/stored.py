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
                "state, priority, rank, happening_now, soon, mandated, not_see, not_see_turn, "
                "tile, language, channel, junk, disposition, in_case, ended_by_reporter, turns",
                "the queue is ordered and filtered by them; the tile is one of few words",
            ),
            Column(
                "said_before",
                "how often much the same was said before it, two at most: what repeats and what "
                "came in a crowd is found by it",
            ),
            Column(
                "received_at, waiting_since, claimed_at, first_read_at, first_reply_at, changed_at",
                "clocks of the promise that nobody waits on silence; whole "
                "seconds. Schools are shown half-days or ten minutes",
            ),
            Column("claimed_by", "two counselors must not both answer"),
            Column(
                "to_talk, shared_for",
                "a talk is held by the center alone, and by which ground anybody else has it is "
                "checked without any key",
            ),
            Column(
                "kept_as",
                "how long it is kept, where a counselor judged it a matter of staff or of Title IX",
            ),
        ),
    ),
    Table(
        "tips_unread",
        "tip",
        (
            Column(
                "tip_id, district_id, about_me, about_group, place_given",
                "while nobody has opened the words: what tells rows of the queue apart, for the "
                "center alone; the row is deleted when somebody first opens them (a backup of that "
                "moment keeps it)",
            ),
        ),
    ),
    Table(
        "tips_adultlink",
        "until its time is over, within seven days; one of the desk's own form until it is used",
        (
            Column(
                "id, district_id, school_id, made_by, made_at, own, misses, expires_at",
                "who made a link for an adult without an account, and until when it opens the form",
            ),
            Column(
                "matter_id, used_at",
                "which matter the tip will be, until there is one: then it is gone, and that the "
                "link was used stands without a time, so that no row joins a link and a tip",
            ),
        ),
    ),
    Table(
        "tips_message",
        "tip",
        (
            Column(
                "id, tip_id, district_id, author, person_id, kind, at, turn, hidden, to_inbox",
                "order of the dialog and which staff member wrote; a reporter has no id",
            ),
        ),
    ),
    Table(
        "tips_note",
        "tip",
        (
            Column(
                "id, tip_id, district_id, audience, handoff_id, kind, person_id, at, turn",
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
                "id, tip_id, district_id, state, at, turn, to_inbox",
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
        "tips_subjectblindindex",
        "tip",
        (
            Column(
                "id, subject_id, tip_id, district_id",
                "says which blind index is whose; the blind indexes themselves are keyed",
            ),
        ),
    ),
)
