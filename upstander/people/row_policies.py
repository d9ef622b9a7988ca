"""Who may see and write which rows of people and places, and of what lies beneath."""

from upstander.schema.rows import (
    ADMIN,
    ADMINISTRATOR,
    CENTER,
    DISTRICT,
    EVERY_ROW,
    FORMER,
    MONITOR,
    POLICE,
    SCHOOL,
    SIGN_IN,
    SIGNED_IN,
    WORKER,
    Table,
    add,
    by_colleague,
    by_district,
    by_led_team,
    by_monitor,
    by_own_key,
    by_person,
    change,
    columns,
    equals,
    grant,
    is_null,
    is_set,
    keep,
    listed_in,
    not_over,
    see,
    sql,
    table,
    within,
)

TABLES: tuple[Table, ...] = (
    table(
        "account_emailaddress",
        grant(SIGN_IN, "SELECT", "INSERT", "UPDATE", "DELETE"),
        row_security=False,
    ),
    table(
        "account_emailconfirmation",
        grant(SIGN_IN, "SELECT", "INSERT", "UPDATE", "DELETE"),
        row_security=False,
    ),
    table(
        "audit_checkpoint",
        see("admin", ADMIN, ADMINISTRATOR),
        see(
            "center",
            CENTER,
            sql(
                "cardinality((SELECT api.center_districts())) > 0",
                reason=("hashes belong to no district: a center sees them if it serves any"),
            ),
        ),
        see("district", DISTRICT, is_set("day") & SIGNED_IN),
        see("former", FORMER, is_set("day") & SIGNED_IN),
        see(
            "monitor",
            MONITOR,
            is_set("day")
            & sql(
                "cardinality((SELECT api.monitor_districts())) > 0",
                reason=("checkpoints belong to no district: a monitor sees them if they watch any"),
            ),
        ),
        see("school", SCHOOL, is_set("day") & SIGNED_IN),
    ),
    table(
        "audit_entry",
        see("admin", ADMIN, ADMINISTRATOR & is_null("matter_id")),
        add("former", FORMER, equals("actor_kind", "staff") & by_person("actor_id")),
        add("monitor", MONITOR, equals("actor_kind", "staff") & by_person("actor_id")),
        add(
            "own",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            equals("actor_kind", "staff") & by_person("actor_id"),
        ),
        add("police", POLICE, equals("actor_kind", "staff") & by_person("actor_id")),
    ),
    table(
        "audit_tile",
        see("admin", ADMIN, ADMINISTRATOR),
        see(
            "center",
            CENTER,
            sql(
                "cardinality((SELECT api.center_districts())) > 0",
                reason=("hashes belong to no district: a center sees them if it serves any"),
            ),
        ),
    ),
    table(
        "django_content_type",
        grant(SIGN_IN, "SELECT"),
        row_security=False,
    ),
    table(
        "django_session",
        grant(SIGN_IN, "SELECT", "INSERT", "UPDATE", "DELETE"),
        row_security=False,
    ),
    table(
        "mfa_authenticator",
        grant(SIGN_IN, "SELECT", "INSERT", "UPDATE", "DELETE"),
        row_security=False,
    ),
    table(
        "places_center",
        keep("admin", ADMIN, ADMINISTRATOR),
        see("own", (CENTER, SCHOOL, DISTRICT, ADMIN), SIGNED_IN),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "places_district",
        keep("admin", ADMIN, ADMINISTRATOR),
        see("monitor", MONITOR, by_monitor("id")),
        see("own", (CENTER, SCHOOL, DISTRICT, ADMIN), by_district("id")),
        see("police", POLICE, listed_in("id", "people_team", "district_id")),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "people_invitation",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, POLICE), "SELECT", "INSERT", "UPDATE", "DELETE"),
        keep("admin", ADMIN, ADMINISTRATOR),
        keep("lead", (CENTER, SCHOOL, DISTRICT, ADMIN), by_led_team()),
        keep("police", POLICE, within("team_id", "api.police_teams")),
    ),
    table(
        "people_membership",
        grant(
            (CENTER, SCHOOL, DISTRICT, ADMIN, POLICE),
            "SELECT",
            columns("UPDATE", "reachable_at_night role"),
        ),
        grant((MONITOR, FORMER, WORKER), "SELECT"),
        change("admin_changes", ADMIN, ADMINISTRATOR),
        change("lead", (CENTER, SCHOOL, DISTRICT, ADMIN), by_led_team()),
        see("monitor", MONITOR, by_person() & not_over("until")),
        see("own", (CENTER, SCHOOL, DISTRICT, ADMIN), by_colleague()),
        see("police", POLICE, within("team_id", "api.police_teams")),
        change("police_leads", POLICE, within("team_id", "api.police_teams")),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "people_person",
        grant((CENTER, SCHOOL, DISTRICT, POLICE, MONITOR, FORMER, WORKER), "SELECT"),
        # The address by which somebody signs in, no role writes: `api.change_email` does.
        grant(ADMIN, "SELECT", columns("UPDATE", "is_active known_as language name phone")),
        grant(
            SIGN_IN,
            "SELECT",
            columns("UPDATE", "known_as language last_login name password phone"),
        ),
        keep("admin", ADMIN, ADMINISTRATOR),
        see("colleagues", (CENTER, SCHOOL, DISTRICT, ADMIN), by_colleague("id")),
        see("monitor", MONITOR, by_person("id")),
        see("police", POLICE, listed_in("id", "people_membership", "person_id")),
        keep("signing_in", SIGN_IN, EVERY_ROW),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "places_school",
        keep("admin", ADMIN, ADMINISTRATOR),
        see("monitor", MONITOR, by_monitor()),
        see("own", (CENTER, SCHOOL, DISTRICT, ADMIN), by_district()),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "people_staffsession",
    ),
    table(
        "people_signinmemory",
        grant(SIGN_IN, "SELECT", "INSERT", "UPDATE", "DELETE"),
        keep("signing_in", SIGN_IN, EVERY_ROW),
    ),
    table(
        "people_team",
        grant((CENTER, SCHOOL, DISTRICT, POLICE, MONITOR, FORMER, WORKER), "SELECT"),
        grant(ADMIN, "SELECT", "INSERT", "UPDATE", "DELETE"),
        keep("admin", ADMIN, ADMINISTRATOR),
        see("monitor", MONITOR, listed_in("id", "people_membership", "team_id")),
        see(
            "own",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            SIGNED_IN & (by_district() | listed_in("id", "people_membership", "team_id")),
        ),
        see("police", POLICE, within("id", "api.police_teams")),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "places_tilechange",
        keep("admin", ADMIN, ADMINISTRATOR),
        see("own", (CENTER, SCHOOL, DISTRICT, ADMIN), by_district()),
    ),
    # Read and kept by functions alone; the worker tells those who have one.
    table(
        "people_wayin",
        grant(WORKER, columns("SELECT", "person_id since used_at ends_at")),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "vault_holderkey",
        see("former", FORMER, SIGNED_IN),
        see("monitor", MONITOR, SIGNED_IN),
        see("own", (CENTER, SCHOOL, DISTRICT, ADMIN), SIGNED_IN),
        see("police", POLICE, SIGNED_IN),
    ),
    table(
        "vault_personkey",
        see("monitor", MONITOR, by_person()),
        see("own", (CENTER, SCHOOL, DISTRICT, ADMIN), by_person()),
        see("police", POLICE, by_person()),
    ),
    table(
        "vault_sealedkey",
        see(
            "lead",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            sql(
                "holder IN (SELECT 'team:' || unnest(api.scope_led_teams()))",
                reason="keys name their holder by a word, not by a number",
            ),
        ),
        see("monitor", MONITOR, by_own_key()),
        see("own", (CENTER, SCHOOL, DISTRICT, ADMIN), by_own_key()),
        see(
            "police",
            POLICE,
            by_own_key()
            | sql(
                "holder IN (SELECT 'team:' || unnest(api.police_teams()))",
                reason="keys name their holder by a word, not by a number",
            ),
        ),
    ),
    table(
        "vault_signedstatement",
        # Whoever accepts an invitation has no session yet.
        see("joining", SIGN_IN, EVERY_ROW),
        see(
            "own",
            (CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR, FORMER),
            SIGNED_IN
            & sql(
                """
                subject IN (SELECT 'team:' || t.id FROM people_team t
                            UNION ALL SELECT 'district:' || d.id FROM places_district d
                            UNION ALL SELECT 'school:' || s.id FROM places_school s)
                """,
                reason="what is signed of a place is seen by whoever sees the place itself",
            ),
        ),
    ),
)
