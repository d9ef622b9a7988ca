"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "escalations_alert",
        "kept: codes and ids, no words",
        (
            Column(
                "id, subject_id, matter_id, reference, district_id, priority, "
                "holders, state, opened_at, acknowledged_by, acknowledged_at, "
                "next_step_due_at, idle_asked, stage, school_id, happening_now, "
                "asks_911, no_topic, graver_at, situation, mandated, raised, crowded, "
                "center_only, page",
                "the worker must page without any key, by the right policy and at the right hour",
            ),
        ),
    ),
    Table(
        "escalations_step",
        "kept: codes and ids, no words",
        (
            Column(
                "id, alert_id, district_id, number, target, due_at, "
                "after_seconds, repeat_seconds, round, state, cause, task_id, school_key, turn",
                "same",
            ),
        ),
    ),
    Table(
        "escalations_page",
        "kept: codes and ids, no words",
        (
            Column(
                "id, alert_id, district_id, step_number, round, person_id, "
                "channel, state, due_at, attempts, reason, sent_at, lease_until, "
                "lease_token, cause, place, delivery_id, school_key, turn",
                "same; in a restricted matter, who was paged hints at who was not",
            ),
        ),
    ),
    Table(
        "escalations_line",
        "one row for each person and way, written over",
        (
            Column(
                "id, person_id, channel, page_id, told_at, round_at, fold_at, held_until, "
                "served, rounds",
                "one call and one text at a time: the worker must know what was said last, "
                "about which schools, and until when somebody is at the desk; ids and times",
            ),
        ),
    ),
    Table(
        "escalations_acknowledgement",
        "kept: codes and ids, no words",
        (
            Column(
                "id, alert_id, district_id, person_id, answer, at, number, via",
                '"I have it" must be provable, and on which way it came',
            ),
        ),
    ),
    Table(
        "escalations_task",
        "kept: codes and ids, no words",
        (
            Column(
                "id, kind, subject_id, matter_id, district_id, alert_id, "
                "contact_id, state, opened_at, due_at, taken_by, taken_at, "
                "done_by, done_at, outcome, detail",
                "a call that nobody makes, and words that nobody opens, must ring phones "
                "without any key; detail says who has opened them, asked or was told, and "
                "under names bound to the tip whom a hand-off passed by; no words",
            ),
        ),
    ),
    Table(
        "escalations_externalcontact",
        "as long as the place is served",
        (Column("id, center_id, active", "name and number are sealed"),),
    ),
    Table(
        "escalations_fallbackphone",
        "as long as the place is served",
        (
            Column(
                "id, center_id, person_id, changed_by, changed_at",
                "the worker rings it last; whose phone, not its number",
            ),
        ),
    ),
    Table(
        "escalations_policy",
        "as long as the place is served",
        (
            Column(
                "id, center_id, school_id, stage, situation, steps, every, changed_by, changed_at",
                "the worker asks by it; targets are kinds and ids",
            ),
        ),
    ),
    Table(
        "escalations_news",
        "until the worker has seen it",
        (
            Column(
                "id, subject_id, kind, at, person_id, alert_id",
                "that a reporter wrote, that somebody (not who) is kept from it, "
                "that it came back or was closed, who left or read its last brief, "
                "until the worker has asked whom that concerns; gone then",
            ),
        ),
    ),
    Table(
        "escalations_moment",
        "one row, written over",
        (Column("id, seen_at", "a clock that jumps back must be noticed"),),
    ),
)
