"""Who may see and write which rows of watch, and of what lies beneath it."""

from upstander.schema.rows import (
    ADMIN,
    CENTER,
    DISTRICT,
    EVERY_ROW,
    SCHOOL,
    SIGNED_IN,
    WORKER,
    Table,
    add,
    by_person,
    by_team,
    change,
    columns,
    equals,
    grant,
    keep,
    narrowed,
    see,
    sql,
    table,
    through,
    within,
)

TABLES: tuple[Table, ...] = (
    table(
        "places_center",
        narrowed(
            keep(
                "no_probe",
                ADMIN,
                sql(
                    "id IS DISTINCT FROM (SELECT api.probe_part('center'))",
                    reason="what test tips need is nobody's to change by hand",
                ),
            )
        ),
    ),
    table(
        "places_district",
        narrowed(
            keep(
                "no_probe",
                ADMIN,
                sql(
                    "id IS DISTINCT FROM (SELECT api.probe_part('district'))",
                    reason="what test tips need is nobody's to change by hand",
                ),
            )
        ),
    ),
    table(
        "people_membership",
        narrowed(
            keep(
                "no_probe",
                ADMIN,
                sql(
                    "team_id IS DISTINCT FROM (SELECT api.probe_part('team'))",
                    reason="what test tips need is nobody's to change by hand",
                ),
            )
        ),
    ),
    table(
        "people_person",
        narrowed(
            keep(
                "no_probe",
                ADMIN,
                sql(
                    "id IS DISTINCT FROM (SELECT api.probe_part('person'))",
                    reason="what test tips need is nobody's to change by hand",
                ),
            )
        ),
    ),
    table(
        "people_team",
        narrowed(
            keep(
                "no_probe",
                ADMIN,
                sql(
                    "id IS DISTINCT FROM (SELECT api.probe_part('team'))",
                    reason="what test tips need is nobody's to change by hand",
                ),
            )
        ),
    ),
    table(
        "watch_beat",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT"),
        grant(WORKER, "SELECT", "INSERT", "UPDATE", "DELETE"),
        see("staff", (CENTER, SCHOOL, DISTRICT, ADMIN), SIGNED_IN),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "watch_drill",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", columns("UPDATE", "ends_at")),
        grant(WORKER, "SELECT", "UPDATE"),
        change("changes", (CENTER, SCHOOL, DISTRICT, ADMIN), within("team_id", "api.led_teams")),
        add("leads", (CENTER, SCHOOL, DISTRICT, ADMIN), within("team_id", "api.led_teams")),
        narrowed(
            add(
                "own_name",
                (CENTER, SCHOOL, DISTRICT, ADMIN),
                by_person("begun_by") & equals("state", "begun"),
            )
        ),
        see(
            "own",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            by_team()
            | sql(
                """
                team_id IN (SELECT x.id FROM people_team x WHERE x.district_id = ANY((SELECT
                api.lead_districts()) || (SELECT api.center_districts())))
                """,
                reason=("drills of teams that the reader leads or serves, by the team's district"),
            ),
        ),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "watch_drillanswer",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, WORKER), "SELECT", "INSERT"),
        add(
            "answers",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            by_person()
            & sql(
                """
                EXISTS (SELECT 1 FROM watch_drill d WHERE d.id = {table}.drill_id AND d.state <>
                'ended' AND 'team:' || d.team_id = ANY ((SELECT api.scope_holders())::text[]))
                """,
                reason="who is of the team answers, while it runs",
            ),
        ),
        see("of_drill", (CENTER, SCHOOL, DISTRICT, ADMIN), through("watch_drill", "drill_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "watch_drillcall",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT"),
        grant(WORKER, "SELECT", "INSERT", "UPDATE"),
        see("of_drill", (CENTER, SCHOOL, DISTRICT, ADMIN), through("watch_drill", "drill_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "watch_drillrule",
        grant(
            (CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT", "INSERT", columns("UPDATE", "every_days")
        ),
        grant(WORKER, "SELECT"),
        change("changes", (CENTER, SCHOOL, DISTRICT, ADMIN), within("team_id", "api.led_teams")),
        add("leads", (CENTER, SCHOOL, DISTRICT, ADMIN), within("team_id", "api.led_teams")),
        see(
            "own",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            by_team()
            | sql(
                """
                team_id IN (SELECT x.id FROM people_team x WHERE x.district_id = ANY((SELECT
                api.lead_districts()) || (SELECT api.center_districts())))
                """,
                reason=("drills of teams that the reader leads or serves, by the team's district"),
            ),
        ),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "watch_probe",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT"),
        grant(WORKER, "SELECT", "INSERT", "UPDATE", "DELETE"),
        see("staff", (CENTER, SCHOOL, DISTRICT, ADMIN), SIGNED_IN),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "watch_probeplace",
        grant(WORKER, "SELECT"),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "watch_trouble",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN), "SELECT"),
        grant(WORKER, "SELECT", "INSERT", "UPDATE", "DELETE"),
        see("staff", (CENTER, SCHOOL, DISTRICT, ADMIN), SIGNED_IN),
        keep("worker", WORKER, EVERY_ROW),
    ),
)
