"""Who may see and write which rows of vault, and of what lies beneath it."""

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
    WORKER,
    Table,
    columns,
    grant,
    keep,
    see,
    table,
)

TABLES: tuple[Table, ...] = (
    table(
        "vault_grant",
        grant(CENTER, "SELECT", "INSERT", "DELETE"),
        grant((SCHOOL, DISTRICT), "SELECT", "INSERT"),
    ),
    table(
        "vault_holderkey",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR, FORMER, WORKER), "SELECT"),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "vault_personkey",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR), "SELECT"),
        grant(
            SIGN_IN,
            "SELECT",
            columns("UPDATE", "by_password by_recovery password_salt"),
        ),
        keep("signing_in", SIGN_IN, EVERY_ROW),
    ),
    table(
        "vault_sealedkey",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR), "SELECT"),
    ),
    table(
        "vault_shredfile",
        grant(WORKER, "SELECT", columns("UPDATE", "closed_at", "made_at", "twice_at")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "vault_shredkey",
        grant((CENTER, SCHOOL, DISTRICT, POLICE, FORMER), "SELECT"),
    ),
    table(
        "vault_signedstatement",
        grant(
            (CENTER, SCHOOL, DISTRICT, ADMIN, POLICE, MONITOR, FORMER, SIGN_IN, WORKER), "SELECT"
        ),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "vault_tombstone",
        grant((CENTER, SCHOOL, DISTRICT, WORKER), "SELECT"),
        see("worker", WORKER, EVERY_ROW),
    ),
)
