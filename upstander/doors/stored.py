"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "doors_season",
        "60 days after it began",
        (
            Column(
                "id, begun_at",
                "when a month's key of numbers' marks began; its salt needs the key file",
            ),
        ),
    ),
    Table(
        "doors_thread",
        "30 days after the last text",
        (
            Column(
                "id, tip_id, district_id, season_id, line, first, begun_at, last_at, stopped_at",
                "which tip a phone's next text belongs to, and whether texts reach it; the number "
                "is sealed to its conversation, its mark keyed",
            ),
        ),
    ),
    Table(
        "doors_textorder",
        "with its thread; the words as soon as they are sent",
        (
            Column(
                "id, key, thread_id, tip_id, district_id, message_id, part, parts, state, "
                "provider, ref, tries, due_at, at",
                "what became of a reply that went to a phone; ref is the provider's own id",
            ),
        ),
    ),
    Table(
        "doors_picture",
        "once it is fetched",
        (
            Column(
                "id, thread_id, tip_id, provider, tries, due_at",
                "a picture that the worker has yet to fetch; its address is sealed",
            ),
        ),
    ),
    Table(
        "doors_providercopy",
        "once the provider has deleted it",
        (
            Column(
                "id, provider, ref, since, tries, due_at",
                "what a provider still keeps, by the provider's own id: to be deleted there",
            ),
        ),
    ),
    Table(
        "doors_call",
        "2 minutes after its end",
        (
            Column(
                "id, tip_id, district_id, center_id, line, provider, room, ear, state, back, "
                "language, keyed, code_tries, begun_at, waits_since, heard_at, taken_by, "
                "taken_at, held_at, met_at, moving_to, todo, due_at, asked_at, news, ended_at",
                "who waits at which line and who has whom on the phone; what the provider calls "
                "it is sealed for the worker, its mark keyed, the room's name random",
            ),
        ),
    ),
    Table(
        "doors_leg",
        "with its call",
        (
            Column(
                "id, call_id, kind, person_id, school_id, state, how, provider, todo, due_at, "
                "tries, asked_at, at, ended_at",
                "whose phone rings for a call or is in it; its number is nowhere here",
            ),
        ),
    ),
    Table(
        "doors_callback",
        "the number once they have talked or took it back, or after a day; the rest after that "
        "day, or where nobody reached them a week later",
        (
            Column(
                "id, tip_id, district_id, line, provider, language, at, rung, asked, how, ended_at",
                "that a reporter wishes to be called, how often they were rung and how it ended; "
                "the number is sealed to its conversation",
            ),
        ),
    ),
    Table(
        "doors_pastcall",
        "after two years",
        (Column("at", "the day on which some call came, so that it is no new one; mark keyed"),),
    ),
    Table(
        "doors_bridge",
        "after 30 minutes, or once used",
        (
            Column(
                "tip_id, district_id, ends_at",
                "that somebody was texted a way to the website; the digits are nowhere",
            ),
        ),
    ),
    Table(
        "doors_wrongbridge",
        "after an hour",
        (Column("id, at, of_code", "how many wrong digits were typed lately, by anybody"),),
    ),
    Table(
        "doors_usualwait",
        "until it is made anew, within the minute",
        (
            Column(
                "center_id, minutes, tips, at",
                "what a reporter who waits is told: a median in whole minutes, of 20 tips or more",
            ),
        ),
    ),
)
