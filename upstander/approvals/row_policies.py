"""Who may see, ask for and decide what waits for a second person.

Here what a center's supervisors decide, and whoever leads the team of somebody whose address is to
change; where others do, the app that declares the kind says who.
"""

from upstander.schema.rows import (
    ADMIN,
    ADMINISTRATOR,
    CENTER,
    DISTRICT,
    POLICE,
    SCHOOL,
    Table,
    add,
    by_center,
    by_person,
    change,
    columns,
    differs,
    equals,
    grant,
    is_null,
    is_set,
    see,
    table,
    within,
)

_OPEN = equals("outcome", "")
_SUPERVISED = within("center_id", "api.supervised_centers")
_ADDRESS = equals("kind", "address")
_LED = _ADDRESS & within("subject", "api.led_people", "text")
_LEADS = (ADMIN, CENTER, SCHOOL, DISTRICT, POLICE)
_MINE = by_person("decided_by") & differs("outcome", "withdrawn") & differs("outcome", "shares")

TABLES: tuple[Table, ...] = (
    table(
        "approvals_approval",
        grant(
            _LEADS,
            "SELECT",
            "INSERT",
            columns("UPDATE", "outcome decided_by"),
        ),
        see("admin", ADMIN, ADMINISTRATOR & is_null("tip_id")),
        add(
            "admin_asks",
            ADMIN,
            ADMINISTRATOR
            & by_person("asked_by")
            & _OPEN
            & is_null("decided_by")
            & (is_set("center_id") | _ADDRESS)
            & is_null("tip_id"),
        ),
        change(
            "admin_withdraws",
            ADMIN,
            ADMINISTRATOR & is_null("tip_id") & _OPEN,
            ADMINISTRATOR
            & is_null("tip_id")
            & by_person("decided_by")
            & equals("outcome", "withdrawn"),
        ),
        see("supervisor", CENTER, _SUPERVISED),
        change(
            "supervisor_decides",
            CENTER,
            _SUPERVISED & _OPEN,
            _SUPERVISED & _MINE,
        ),
        see("led", _LEADS, _LED),
        change("led_decides", _LEADS, _LED & _OPEN, _LED & _MINE),
        # Whoever hands a tip to a team sees who let its first member in.
        see(
            "let_in",
            CENTER,
            by_center() & equals("kind", "first_key") & equals("outcome", "approved"),
        ),
    ),
)
