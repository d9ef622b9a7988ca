"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "oncall_schedule",
        "as long as the team has a plan",
        (
            Column(
                "id, team_id, time_zone, check_at",
                "whose plan it is decides who sees it; the worker looks for gaps without any key",
            ),
        ),
    ),
    Table(
        "oncall_layer",
        "as long as the team has a plan",
        (
            Column(
                "id, schedule_id, duty, name, rank, turn, every, hand_over, "
                "starts_on, ends_on, at_once, days, weekdays, from_time, to_time",
                "from these rules it is computed who is paged; the name is a "
                "rule's (\"Weekly rotation\"), and nobody's",
            ),
        ),
    ),
    Table(
        "oncall_layermember",
        "as long as the team has a plan",
        (Column("id, layer_id, person_id, place", "same; the names behind the ids are sealed"),),
    ),
    Table(
        "oncall_datedshift",
        "as long as the team has a plan",
        (
            Column(
                "id, layer_id, person_id, starts_at, ends_at",
                "same; titles of an imported calendar are not kept",
            ),
        ),
    ),
    Table(
        "oncall_override",
        "as long as the team has a plan",
        (
            Column(
                "id, schedule_id, duty, on_person_id, off_person_id, starts_at, "
                "ends_at, swap_id, made_by, made_at",
                "same; no reason is asked for, since an illness is nobody's business",
            ),
        ),
    ),
    Table(
        "oncall_swap",
        "as long as the team has a plan",
        (
            Column(
                "id, schedule_id, duty, asker_id, taker_id, gives_from, gives_to, "
                "takes_from, takes_to, state, asked_at, answered_at",
                "the database checks that the one who was asked said yes",
            ),
        ),
    ),
    Table(
        "oncall_calendar",
        "as long as the place is served",
        (Column("id, district_id, center_id, region", "public"),),
    ),
    Table(
        "oncall_dayoff",
        "as long as the place is served",
        (Column("id, calendar_id, first, last, label, in_session", "public: a school's breaks"),),
    ),
    Table(
        "oncall_quiethours",
        "as long as the place is served",
        (Column("id, district_id, opens, closes", "when the worker may tell of what can wait"),),
    ),
    Table(
        "oncall_ownrule",
        "as long as the person or team is there",
        (
            Column(
                "id, person_id, priority, channel, after_seconds",
                'the worker pages by it; says "text at once", no number',
            ),
        ),
    ),
    Table(
        "oncall_floor",
        "as long as the place is served",
        (Column("id, center_id, channel, after_seconds", "same"),),
    ),
    Table(
        "oncall_rest",
        "when the person takes the next, or says that they are back",
        (Column("id, person_id, since, until", "others are asked meanwhile; no reason is kept"),),
    ),
    Table(
        "oncall_feed",
        "as long as the person or team is there",
        (
            Column(
                "id, person_id, made_at", "whose link it is; of the link itself only a hash is kept"
            ),
        ),
    ),
    Table(
        "oncall_gapnotice",
        "as long as the team has a plan",
        (
            Column(
                "id, schedule_id, ahead_hours, starts_at, ends_at, told_at",
                "a lead is told of a gap once, not each second",
            ),
        ),
    ),
)
