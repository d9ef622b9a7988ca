"""Who may see and write which rows of directory, and of what lies beneath it."""

from upstander.schema.rows import (
    ADMIN,
    ADMINISTRATOR,
    CENTER,
    DISTRICT,
    EVERY_ROW,
    SCHOOL,
    SIGN_IN,
    WORKER,
    Table,
    add,
    change,
    columns,
    grant,
    is_null,
    is_set,
    keep,
    numbers,
    remove,
    see,
    sql,
    table,
)

_STAFF = (CENTER, SCHOOL, DISTRICT, SIGN_IN)
_READ = ~sql("withheld", reason="words of what is confidential, before a keeper has read them")

#: What was made here stays: only what a source brought comes and goes.
_BROUGHT = ADMINISTRATOR & is_set("source_id")
#: The worker compares what a source says with all that stands. Only an administrator writes.
_WRITTEN = (
    grant((*_STAFF, WORKER), "SELECT"),
    grant(ADMIN, "SELECT", "INSERT", "UPDATE", "DELETE"),
    change("admin", ADMIN, ADMINISTRATOR),
)
_PARTS = (
    *_WRITTEN,
    see("facts", (*_STAFF, ADMIN, WORKER), EVERY_ROW),
    add("admin_adds", ADMIN, ADMINISTRATOR),
    remove("admin_takes_out", ADMIN, ADMINISTRATOR),
)
_NAMED = (
    *_WRITTEN,
    see("facts", (*_STAFF, ADMIN, WORKER), EVERY_ROW),
    add("admin_adds", ADMIN, _BROUGHT),
    remove("admin_takes_out", ADMIN, _BROUGHT),
)
_SHOWN = (
    *_WRITTEN,
    see("facts", _STAFF, _READ),
    see("unread", ADMIN, ADMINISTRATOR),
    see("worker", WORKER, EVERY_ROW),
    add("admin_adds", ADMIN, _BROUGHT),
    remove("admin_takes_out", ADMIN, _BROUGHT),
)

TABLES: tuple[Table, ...] = (
    table("directory_entry"),  # written by triggers and read by a function alone
    table(
        "directory_incoming",
        grant((ADMIN, WORKER), "SELECT", "INSERT", "UPDATE", "DELETE"),
        numbers(ADMIN, WORKER),
        keep("admin", ADMIN, ADMINISTRATOR),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "directory_linefailure",
        grant((ADMIN, WORKER), "SELECT", "DELETE"),
        keep("admin", ADMIN, ADMINISTRATOR),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table("directory_location", *_NAMED),
    table("directory_organization", *_SHOWN),
    table(
        "directory_service",
        *_SHOWN,
        grant(WORKER, columns("UPDATE", "recheck_at")),
        change("worker_tells", WORKER, EVERY_ROW),
    ),
    table("directory_serviceatlocation", *_PARTS),
    table(
        "directory_source",
        grant(ADMIN, "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant(WORKER, "SELECT", "UPDATE", "DELETE"),
        keep("admin", ADMIN, ADMINISTRATOR),
        see("worker", WORKER, EVERY_ROW),
        change("worker_reads", WORKER, EVERY_ROW),
        # One that may be read from nowhere.
        remove("worker_forgets", WORKER, is_null("read_at")),
    ),
    table("directory_taxonomy", *_NAMED),
    table("directory_taxonomyterm", *_PARTS),
    # A center that goes out plans its ways by where towns are.
    table("directory_town", grant(CENTER, "SELECT"), see("center", CENTER, EVERY_ROW)),
)
