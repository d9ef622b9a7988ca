"""Who may see and write which rows of mandated, and of what lies beneath it."""

from upstander.schema.rows import (
    ADMIN,
    ADMINISTRATOR,
    CENTER,
    DISTRICT,
    EVERY_ROW,
    FORMER,
    MONITOR,
    SCHOOL,
    SIGNED_IN,
    WORKER,
    Table,
    add,
    by_folder,
    by_monitor,
    by_person,
    change,
    columns,
    differs,
    equals,
    grant,
    keep,
    listed_in,
    narrowed,
    not_excluded,
    numbers,
    see,
    sql,
    table,
    through,
)

TABLES: tuple[Table, ...] = (
    table(
        "audit_entry",
        see(
            "duties",
            SCHOOL,
            sql(
                """
                CASE WHEN subject_kind = 'duty' THEN audit_proves_duty(subject_id) ELSE FALSE
                END
                """,
                reason=("the record names its subject by a text; a function knows whose it is"),
            ),
        ),
        see(
            "duties_of_former",
            FORMER,
            sql(
                """
                CASE WHEN subject_kind = 'duty' THEN audit_proves_duty(subject_id) ELSE FALSE
                END
                """,
                reason=("the record names its subject by a text; a function knows whose it is"),
            ),
        ),
        narrowed(
            see(
                "duties_2",
                (CENTER, SCHOOL, DISTRICT),
                sql(
                    """
                CASE WHEN subject_kind = 'duty' THEN actor_id = (SELECT api.scope_person()) OR
                audit_proves_duty(subject_id) ELSE TRUE END
                """,
                    reason=("the record names its subject by a text; a function knows whose it is"),
                ),
            )
        ),
        see(
            "monitor_reads",
            MONITOR,
            sql(
                """
                CASE WHEN subject_kind = 'duty' THEN audit_proves_duty(subject_id)
                AND NOT jsonb_exists(canonical::jsonb, 'actor_id') ELSE FALSE
                END
                """,
                reason=(
                    "the record names its subject by a text; a function knows whose it is; an"
                    " entry whose text numbers who acted would join one reporter's duties"
                ),
            ),
        ),
    ),
    # That somebody asked themselves is nobody else's, in the record too.
    table(
        "audit_entry",
        narrowed(
            see(
                "consults",
                (CENTER, SCHOOL, DISTRICT, ADMIN),
                differs("subject_kind", "consult") | by_person("actor_id"),
            )
        ),
    ),
    table(
        "mandated_consult",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT", columns("UPDATE", "duty_id")),
        see("own", (CENTER, SCHOOL, DISTRICT), by_person() & by_folder("id")),
        change("own_becomes", (CENTER, SCHOOL, DISTRICT), by_person() & by_folder("id")),
    ),
    table(
        "mandated_answer",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT", "INSERT"),
        add("own", (CENTER, SCHOOL, DISTRICT), by_person() & through("tips_tip", "tip_id")),
        add("own_of_case", (SCHOOL, DISTRICT), by_person() & through("cases_case", "case_id")),
        see("seen", (CENTER, SCHOOL, DISTRICT), through("tips_tip", "tip_id")),
        see("seen_of_case", (SCHOOL, DISTRICT), through("cases_case", "case_id")),
    ),
    table(
        "mandated_answerread",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT", "INSERT"),
        add(
            "own",
            (CENTER, SCHOOL, DISTRICT),
            by_person() & through("mandated_answer", "answer_id", same="district_id"),
        ),
        see("seen", (CENTER, SCHOOL, DISTRICT), through("mandated_answer", "answer_id")),
    ),
    table(
        "mandated_asked",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT"),
        grant(
            WORKER,
            "SELECT",
            columns("UPDATE", "climb_at climbed for_file gone_at remind_at reminded"),
        ),
        # Whoever is kept out learns nothing of it, nor that they are: not by their own row either.
        see("own", (CENTER, SCHOOL, DISTRICT), by_person() & not_excluded()),
        see("seen", (CENTER, SCHOOL, DISTRICT), through("tips_tip", "tip_id")),
        see("seen_of_case", (SCHOOL, DISTRICT), through("cases_case", "case_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "mandated_confirmation",
        grant((CENTER, SCHOOL, DISTRICT, MONITOR, FORMER, WORKER), "SELECT"),
        grant(ADMIN, "SELECT", "INSERT"),
        numbers(ADMIN),
        keep("admin", ADMIN, ADMINISTRATOR, ADMINISTRATOR & by_person()),
        see("monitor", MONITOR, SIGNED_IN),
        see("staff", (CENTER, SCHOOL, DISTRICT, FORMER), SIGNED_IN),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "mandated_deadline",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT"),
        grant(
            MONITOR,
            columns(
                "SELECT", "district_id due_at duty_id id key met_at met_recorded_at owner since"
            ),
        ),
        grant(WORKER, "SELECT", columns("UPDATE", "remind_at reminded")),
        see("monitor", MONITOR, through("mandated_duty", "duty_id")),
        see("seen", (CENTER, SCHOOL, DISTRICT, FORMER), through("mandated_duty", "duty_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "mandated_duty",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT"),
        see("former", FORMER, by_person()),
        grant(
            MONITOR,
            columns(
                "SELECT",
                "accepted cause_at district_id emergent first_at first_due",
                "first_recorded_at first_way id matter_id month opened_at rule rule_set",
                "school_id written_at written_due written_recorded_at",
            ),
        ),
        grant(WORKER, "SELECT", columns("UPDATE", "offices_told_at remind_at reminded")),
        see("monitor", MONITOR, by_monitor() & not_excluded()),
        see(
            "seen",
            (CENTER, SCHOOL, DISTRICT),
            by_person()
            | (
                not_excluded()
                & sql(
                    """
                EXISTS (SELECT 1 FROM matters_foldergrant g WHERE g.folder_id =
                {table}.folder_id)
                """,
                    reason=("as the folder: by a grant of it"),
                )
            ),
        ),
        narrowed(
            see(
                "past_building",
                (CENTER, SCHOOL, DISTRICT),
                sql(
                    "NOT mandated_past_building({table}.id)",
                    reason="an office of a school is passed over by a row that hangs on this one",
                ),
            )
        ),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "mandated_routing",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT"),
        grant(WORKER, "SELECT", columns("UPDATE", "remind_at reminded")),
        see("seen", (CENTER, SCHOOL, DISTRICT, FORMER), through("mandated_duty", "duty_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "mandated_dutyevent",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT"),
        see("seen", (CENTER, SCHOOL, DISTRICT, FORMER), through("mandated_duty", "duty_id")),
    ),
    table(
        "mandated_fileanswer",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT"),
        # It alone can tell whether the matter is kept from whoever answered.
        grant(WORKER, columns("SELECT", "asked_id person_id")),
        see("worker", WORKER, EVERY_ROW),
        see("seen", (CENTER, SCHOOL, DISTRICT), through("mandated_asked", "asked_id")),
    ),
    table(
        "mandated_wideexclusion",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT"),
        see("of_duty", (CENTER, SCHOOL, DISTRICT, FORMER), through("mandated_duty", "duty_id")),
        see(
            "decides",
            (CENTER, SCHOOL, DISTRICT),
            sql("mandated_may_decide({table}.id)", reason="by an office, and not whom it names"),
        ),
    ),
    table(
        "mandated_monthchange",
    ),
    # Asked, agreed to and read by functions alone.
    table(
        "mandated_shutting",
        grant(WORKER, "SELECT", columns("UPDATE", "tell_at")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "mandated_standin",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT"),
        see("seen", (CENTER, SCHOOL, DISTRICT, FORMER), through("mandated_duty", "duty_id")),
    ),
    table(
        "mandated_tally",
    ),
    # What the reports of somebody who has left need of the layers beneath: where they are, the
    # offices that get the copy, and who else wrote in them. No colleague, no child.
    table(
        "places_district",
        see("former", FORMER, listed_in("id", "mandated_duty", "district_id")),
    ),
    table(
        "places_school",
        see("former", FORMER, listed_in("id", "mandated_duty", "school_id")),
    ),
    table(
        "people_team",
        see(
            "former",
            FORMER,
            equals("kind", "office") & listed_in("district_id", "mandated_duty", "district_id"),
        ),
    ),
    table(
        "people_membership",
        see("former", FORMER, listed_in("team_id", "people_team", "id")),
    ),
    table(
        "people_person",
        see(
            "former",
            FORMER,
            by_person("id")
            | listed_in("id", "people_membership", "person_id")
            | listed_in("id", "mandated_dutyevent", "person_id"),
        ),
    ),
)
