"""Who may see and write which rows of directory, and of what lies beneath it."""

from upstander.schema.rows import (
    ADMIN,
    ADMINISTRATOR,
    CENTER,
    DISTRICT,
    EVERY_ROW,
    SCHOOL,
    SIGN_IN,
    Table,
    change,
    grant,
    see,
    table,
)

TABLES: tuple[Table, ...] = (
    table(
        "directory_contactline",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, SIGN_IN), "SELECT"),
        row_security=False,
    ),
    table(
        "directory_openinghours",
        grant((CENTER, SCHOOL, DISTRICT, ADMIN, SIGN_IN), "SELECT"),
        row_security=False,
    ),
    table(
        "directory_service",
        grant((CENTER, SCHOOL, DISTRICT, SIGN_IN), "SELECT"),
        grant(ADMIN, "SELECT", "UPDATE"),
        change("admin", ADMIN, ADMINISTRATOR),
        see("facts", (CENTER, SCHOOL, DISTRICT, ADMIN, SIGN_IN), EVERY_ROW),
    ),
)
