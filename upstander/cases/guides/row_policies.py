"""Who may see and write which rows of guides, and of what lies beneath it."""

from upstander.schema.rows import (
    ADMIN,
    DISTRICT,
    EVERY_ROW,
    SCHOOL,
    Table,
    add,
    by_person,
    grant,
    numbers,
    see,
    table,
)

TABLES: tuple[Table, ...] = (
    table(
        "guides_textreview",
        grant((SCHOOL, DISTRICT), "SELECT"),
        grant(ADMIN, "SELECT", "INSERT"),
        numbers(ADMIN),
        see("read", (SCHOOL, DISTRICT, ADMIN), EVERY_ROW),
        add("said", ADMIN, by_person()),
    ),
)
