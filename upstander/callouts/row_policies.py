"""Who may see and write callouts: the center that goes out, and of how it stands who asked."""

from upstander.schema.rows import (
    ADMIN,
    ADMINISTRATOR,
    CENTER,
    EVERY_ROW,
    MONITOR,
    SCHOOL,
    SIGNED_IN,
    WORKER,
    Table,
    add,
    by_center,
    by_folder,
    by_monitor,
    by_person,
    by_team,
    change,
    columns,
    differs,
    grant,
    keep,
    listed_in,
    narrowed,
    numbers,
    see,
    sql,
    table,
    through,
)

TABLES: tuple[Table, ...] = (
    table(
        "audit_entry", narrowed(see("callouts_apart", ADMIN, differs("subject_kind", "callout")))
    ),
    # Whoever asks seals to the teams that go out, by who is in them.
    table(
        "people_membership",
        see("go_out", (CENTER, SCHOOL), listed_in("team_id", "callouts_site", "team_id")),
    ),
    # Who is on call at a neighboring site is asked next.
    table(
        "oncall_schedule",
        see(
            "go_out",
            CENTER,
            sql(
                """
                team_id IN (SELECT s.team_id FROM callouts_site s WHERE s.district_id = ANY
                ((SELECT api.center_districts())::bigint[]))
                """,
                reason="plans of the sites of one's own center, which are named in another table",
            ),
        ),
    ),
    table(
        "callouts_site",
        grant((CENTER, SCHOOL), "SELECT"),
        grant(CENTER, columns("UPDATE", "slow slow_code slow_until desk_by desk_until")),
        grant(ADMIN, "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant((MONITOR, WORKER), "SELECT"),
        see("staff", (CENTER, SCHOOL), SIGNED_IN),
        see("monitor", MONITOR, by_monitor()),
        keep("admin", ADMIN, ADMINISTRATOR),
        change("roads", CENTER, by_center()),
        grant(WORKER, columns("UPDATE", "desk_by desk_until")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "callouts_callout",
        grant(
            CENTER,
            "SELECT",
            columns("UPDATE", "sealed safety language danger alert_id link_hash ring to_tell"),
        ),
        grant(SCHOOL, "SELECT"),
        grant(
            WORKER,
            columns(
                "SELECT",
                "id district_id matter_id site_id state held_by ring alert_id due_at asked_at",
                "language to_tell danger crowded panic_at",
            ),
            columns("UPDATE", "ring alert_id to_tell"),
        ),
        # Times and how it ended: no word, and nobody's name.
        grant(
            MONITOR,
            columns(
                "SELECT",
                "id district_id site_id way language state asked_at go_at planned_at arrived_at",
                "outcome",
            ),
        ),
        see("monitor", MONITOR, by_monitor()),
        see("goes_out", CENTER, by_center() & by_folder("id")),
        see("asked", (CENTER, SCHOOL), by_team("asked_team")),
        change("works", CENTER, by_center() & by_folder("id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "callouts_event",
        grant((CENTER, WORKER), "SELECT", "INSERT"),
        grant(SCHOOL, "SELECT"),
        numbers(CENTER, WORKER),
        grant(MONITOR, columns("SELECT", "id callout_id kind at code")),
        see("of_callout", (CENTER, MONITOR, SCHOOL), through("callouts_callout", "callout_id")),
        add(
            "goes_out",
            CENTER,
            by_center()
            & through("callouts_callout", "callout_id", same="district_id")
            & by_person(),
        ),
        keep("worker", WORKER, EVERY_ROW),
    ),
)
