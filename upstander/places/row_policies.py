"""What roles may do with these tables at all; which rows, people/row_policies.py says."""

from upstander.schema.rows import (
    ADMIN,
    CENTER,
    DISTRICT,
    FORMER,
    MONITOR,
    POLICE,
    SCHOOL,
    WORKER,
    Table,
    columns,
    grant,
    table,
)

TABLES: tuple[Table, ...] = (
    table(
        "places_center",
        grant((CENTER, SCHOOL, DISTRICT, POLICE, MONITOR, FORMER, WORKER), "SELECT"),
        grant(ADMIN, "SELECT", "INSERT", "UPDATE", "DELETE"),
    ),
    table(
        "places_district",
        grant((CENTER, SCHOOL, DISTRICT, POLICE, MONITOR, FORMER, WORKER), "SELECT"),
        grant(
            ADMIN,
            "SELECT",
            "INSERT",
            "DELETE",
            columns("UPDATE", "name slug time_zone languages catch_all"),
        ),
    ),
    table(
        "places_school",
        grant((CENTER, SCHOOL, DISTRICT, POLICE, MONITOR, FORMER, WORKER), "SELECT"),
        # Its name is changed by a function alone: a second person has agreed.
        grant(
            ADMIN,
            "SELECT",
            "INSERT",
            "DELETE",
            columns(
                "UPDATE",
                "grades address town time_zone languages psap_name psap_phone emergency_contact",
            ),
        ),
    ),
    table(
        "places_tilechange",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT"),
        grant(ADMIN, "SELECT", "INSERT", "UPDATE", "DELETE"),
    ),
)
