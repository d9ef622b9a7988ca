"""Who may see and ask for what waits for a second person. Decided it is by a function alone."""

from upstander.schema.rows import (
    ADMIN,
    ADMINISTRATOR,
    CENTER,
    Table,
    add,
    by_center,
    by_person,
    equals,
    grant,
    is_null,
    see,
    table,
    within,
)

TABLES: tuple[Table, ...] = (
    table(
        "approvals_approval",
        grant(ADMIN, "SELECT", "INSERT"),
        grant(CENTER, "SELECT"),
        see("admin", ADMIN, ADMINISTRATOR),
        add(
            "admin_asks",
            ADMIN,
            ADMINISTRATOR & by_person("asked_by") & equals("outcome", "") & is_null("decided_by"),
        ),
        see("supervisor", CENTER, within("center_id", "api.supervised_centers")),
        # Whoever hands a tip to a team sees who let its first member in.
        see("let_in", CENTER, by_center() & equals("outcome", "approved")),
    ),
)
