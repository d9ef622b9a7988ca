"""Who may see and write which rows of carriers, and of what lies beneath it."""

from upstander.schema.rows import (
    ADMIN,
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
    by_person,
    columns,
    grant,
    is_null,
    keep,
    listed_in,
    numbers,
    see,
    sql,
    table,
)

TABLES: tuple[Table, ...] = (
    table(
        "carriers_contactmethod",
        grant(
            (CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR),
            "SELECT",
            "INSERT",
            "DELETE",
            columns(
                "UPDATE",
                "broken_at broken_reason broken_told code code_due_at code_expires_at",
                "digit label tries verified_at",
            ),
        ),
        grant(
            WORKER, "SELECT", columns("UPDATE", "broken_at broken_reason broken_told code_due_at")
        ),
        keep("own", (CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR), by_person()),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "carriers_delivery",
        grant(
            (CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR),
            columns(
                "SELECT",
                "attempted_at chain changed_at channel code for_id id method_id needs_code open",
                "person_id provider provider_ref purpose reason state told",
            ),
        ),
        grant(WORKER, "SELECT", "INSERT", "UPDATE"),
        see(
            "own",
            (CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR),
            by_person() & is_null("for_id"),
        ),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "carriers_inbound",
        grant(WORKER, "SELECT", columns("UPDATE", "done")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "carriers_notice",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR, FORMER), "INSERT"),
        grant(WORKER, "SELECT", "INSERT", columns("UPDATE", "due_at sent_at tries")),
        add("tell", (CENTER, SCHOOL, DISTRICT, ADMIN), by_colleague()),
        add("tell_2", (POLICE, MONITOR), by_person()),
        # The offices of the district, whose rows they see for that.
        add("tell_3", FORMER, listed_in("person_id", "people_membership", "person_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "carriers_outboxmail",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, SIGN_IN, WORKER), "SELECT", "INSERT"),
        numbers(CENTER, SCHOOL, DISTRICT, ADMIN, SIGN_IN, WORKER),
        see(
            "accounts",
            ADMIN,
            SIGNED_IN
            & sql(
                "body ~ '/(people/join|account/password/reset/key)/'",
                reason=("administrators see invitations and resets alone, by their address"),
            )
            & sql(
                "body !~ '/(tips|team|alerts|tasks|a)/'", reason="and no mail that leads to a tip"
            ),
        ),
        see(
            "own",
            (CENTER, SCHOOL, DISTRICT, ADMIN),
            sql(
                """
                lower("to") = (SELECT lower(p.email) FROM people_person p WHERE p.id = (SELECT
                api.scope_person()))
                """,
                reason="mail knows its reader by address alone",
            ),
        ),
        add("written", (CENTER, SCHOOL, DISTRICT, ADMIN, SIGN_IN, WORKER), EVERY_ROW),
    ),
    table(
        "carriers_providerhealth",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR), "SELECT"),
        grant(WORKER, "SELECT", "INSERT", "UPDATE"),
        see("staff", (CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR), SIGNED_IN),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "carriers_receipt",
        grant(WORKER, "SELECT"),
        keep("worker", WORKER, EVERY_ROW),
    ),
)
