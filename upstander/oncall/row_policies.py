"""Who may see and write which rows of oncall, and of what lies beneath it."""

from upstander.schema.rows import (
    ADMIN,
    CENTER,
    DISTRICT,
    EVERY_ROW,
    FORMER,
    SCHOOL,
    WORKER,
    Table,
    add,
    by_colleague,
    by_district,
    by_person,
    change,
    columns,
    equals,
    grant,
    keep,
    listed_in,
    remove,
    see,
    sql,
    table,
    through,
    within,
)

TABLES: tuple[Table, ...] = (
    table(
        "oncall_calendar",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant((FORMER, WORKER), "SELECT"),
        see("former", FORMER, listed_in("district_id", "places_district", "id")),
        keep(
            "kept",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            within("district_id", "api.oncall_districts")
            | within("center_id", "api.oncall_centers"),
        ),
        see(
            "seen",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            by_district() | listed_in("center_id", "places_district", "center_id"),
        ),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_datedshift",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant(WORKER, "SELECT"),
        keep(
            "kept",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            sql(
                """
                EXISTS (SELECT 1 FROM oncall_layer y JOIN oncall_schedule s ON s.id =
                y.schedule_id WHERE y.id = {table}.layer_id AND s.team_id = ANY ((SELECT
                api.oncall_kept())::bigint[]))
                """,
                reason="written by whoever keeps the schedule, two tables away",
            ),
        ),
        see("seen", (CENTER, SCHOOL, DISTRICT, ADMIN), through("oncall_layer", "layer_id")),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_dayoff",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant((FORMER, WORKER), "SELECT"),
        see("former", FORMER, through("oncall_calendar", "calendar_id")),
        keep(
            "kept",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            sql(
                """
                EXISTS (SELECT 1 FROM oncall_calendar k WHERE k.id = {table}.calendar_id AND
                (k.district_id = ANY ((SELECT api.oncall_districts())::bigint[]) OR k.center_id
                = ANY ((SELECT api.oncall_centers())::bigint[])))
                """,
                reason=("written by whoever keeps the calendar, of a district or of a center"),
            ),
        ),
        see("seen", (CENTER, SCHOOL, DISTRICT, ADMIN), through("oncall_calendar", "calendar_id")),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_feed",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", "UPDATE", "DELETE"),
        keep("own", (CENTER, SCHOOL, DISTRICT, ADMIN), by_person()),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_floor",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant(WORKER, "SELECT"),
        keep("kept", (CENTER, SCHOOL, DISTRICT, ADMIN), within("center_id", "api.oncall_centers")),
        see(
            "seen",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            listed_in("center_id", "places_district", "center_id")
            | within("center_id", "api.oncall_centers"),
        ),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_gapnotice",
        grant(WORKER, "SELECT", "INSERT", "DELETE"),
        see("worker", WORKER, EVERY_ROW),
        remove("worker_forgets", WORKER, EVERY_ROW),
        add("worker_tells", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_layer",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant(WORKER, "SELECT"),
        keep(
            "kept",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            sql(
                """
                EXISTS (SELECT 1 FROM oncall_schedule s WHERE s.id = {table}.schedule_id AND
                s.team_id = ANY ((SELECT api.oncall_kept())::bigint[]))
                """,
                reason=("written by whoever keeps the schedule, not by all who see it"),
            ),
        ),
        see("seen", (CENTER, SCHOOL, DISTRICT, ADMIN), through("oncall_schedule", "schedule_id")),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_layermember",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant(WORKER, "SELECT"),
        keep(
            "kept",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            sql(
                """
                EXISTS (SELECT 1 FROM oncall_layer y JOIN oncall_schedule s ON s.id =
                y.schedule_id WHERE y.id = {table}.layer_id AND s.team_id = ANY ((SELECT
                api.oncall_kept())::bigint[]))
                """,
                reason="written by whoever keeps the schedule, two tables away",
            ),
        ),
        see("seen", (CENTER, SCHOOL, DISTRICT, ADMIN), through("oncall_layer", "layer_id")),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_override",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", "DELETE"),
        grant(WORKER, "SELECT"),
        keep(
            "kept",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            sql(
                """
                EXISTS (SELECT 1 FROM oncall_schedule s WHERE s.id = {table}.schedule_id AND
                s.team_id = ANY ((SELECT api.oncall_kept())::bigint[]))
                """,
                reason=("written by whoever keeps the schedule, not by all who see it"),
            ),
            sql(
                """
                EXISTS (SELECT 1 FROM oncall_schedule s WHERE s.id = {table}.schedule_id AND
                s.team_id = ANY ((SELECT api.oncall_kept())::bigint[]))
                """,
                reason=("written by whoever keeps the schedule, not by all who see it"),
            )
            & by_person("made_by"),
        ),
        see("seen", (CENTER, SCHOOL, DISTRICT, ADMIN), through("oncall_schedule", "schedule_id")),
        add(
            "swapped",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            by_person("made_by")
            & sql(
                """
                EXISTS (SELECT 1 FROM oncall_swap w WHERE w.id = {table}.swap_id AND w.state =
                'accepted' AND w.taker_id = (SELECT api.scope_person()) AND w.schedule_id =
                {table}.schedule_id AND w.duty = {table}.duty AND (({table}.on_person_id =
                w.taker_id AND {table}.off_person_id = w.asker_id AND {table}.starts_at =
                w.gives_from AND {table}.ends_at = w.gives_to) OR ({table}.on_person_id =
                w.asker_id AND {table}.off_person_id = w.taker_id AND {table}.starts_at =
                w.takes_from AND {table}.ends_at = w.takes_to)))
                """,
                reason=("who takes a turn writes what the accepted swap says, and no more"),
            ),
        ),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_ownrule",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant(WORKER, "SELECT"),
        keep("own", (CENTER, SCHOOL, DISTRICT, ADMIN), by_person()),
        see("seen", (CENTER, SCHOOL, DISTRICT, ADMIN), by_colleague()),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_quiethours",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant(WORKER, "SELECT"),
        keep(
            "kept", (CENTER, SCHOOL, DISTRICT, ADMIN), within("district_id", "api.oncall_districts")
        ),
        see("seen", (CENTER, SCHOOL, DISTRICT, ADMIN), by_district()),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_rest",
        grant(CENTER, "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant((SCHOOL, DISTRICT, ADMIN, WORKER), "SELECT"),
        keep("own", CENTER, by_person()),
        see("seen", (CENTER, SCHOOL, DISTRICT, ADMIN), by_colleague()),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_schedule",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant(WORKER, "SELECT", columns("UPDATE", "check_at")),
        keep("kept", (CENTER, SCHOOL, DISTRICT, ADMIN), within("team_id", "api.oncall_kept")),
        see("seen", (CENTER, SCHOOL, DISTRICT, ADMIN), within("team_id", "api.oncall_teams")),
        see("worker", WORKER, EVERY_ROW),
        change("worker_looks", WORKER, EVERY_ROW),
    ),
    table(
        "oncall_swap",
        grant(
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            "SELECT",
            "INSERT",
            columns("UPDATE", "answered_at state"),
        ),
        grant(WORKER, "SELECT"),
        change(
            "answered",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            equals("state", "asked")
            & (
                sql("(SELECT api.scope_person()) = asker_id", reason="a swap has two persons")
                | sql("(SELECT api.scope_person()) = taker_id", reason="a swap has two persons")
            ),
            sql(
                """
                CASE state WHEN 'withdrawn' THEN asker_id = (SELECT api.scope_person()) WHEN
                'asked' THEN FALSE ELSE taker_id = (SELECT api.scope_person()) END
                """,
                reason="who asked withdraws; who was asked answers",
            ),
        ),
        add(
            "asked",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            by_person("asker_id")
            & equals("state", "asked")
            & sql(
                """
                EXISTS (SELECT 1 FROM oncall_schedule s JOIN people_membership a ON a.team_id =
                s.team_id AND a.person_id = {table}.asker_id JOIN people_membership b ON
                b.team_id = s.team_id AND b.person_id = {table}.taker_id WHERE s.id =
                {table}.schedule_id)
                """,
                reason="both must be of the schedule's team",
            ),
        ),
        see("seen", (CENTER, SCHOOL, DISTRICT, ADMIN), through("oncall_schedule", "schedule_id")),
        see("worker", WORKER, EVERY_ROW),
    ),
)
