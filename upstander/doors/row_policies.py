"""Who may see and write which rows of the doors: mostly nobody but functions.

Staff reach a phone's thread through its tip, and send to its number without seeing it; the worker
sends and fetches, and opens no tip.
"""

from upstander.schema.rows import (
    CENTER,
    DISTRICT,
    EVERY_ROW,
    SCHOOL,
    WORKER,
    Table,
    add,
    columns,
    grant,
    keep,
    numbers,
    see,
    sql,
    table,
    through,
)

#: A team to which a tip was handed talks with its reporter: its replies go to the phone too.
_HANDED = sql(
    """
    EXISTS (SELECT 1 FROM tips_tip x JOIN tips_recipient y ON y.tip_id = x.id WHERE
    x.id = {table}.tip_id AND y.holder = ANY ((SELECT api.scope_holders())::text[]))
    """,
    reason="by the recipient's row",
)

#: What the center may know of a call: not by what it is known at its provider, and no room's name.
_OF_CALL = (
    "id tip_id district_id center_id line provider state back language keyed begun_at waits_since "
    "heard_at taken_by taken_at moving_to todo due_at ended_at ear news code_tries held_at met_at"
)
_OF_LEG = "id call_id kind person_id school_id state how provider todo due_at tries at ended_at"
TABLES: tuple[Table, ...] = (
    table(
        "doors_bridge",
        grant(CENTER, "SELECT", "INSERT", "DELETE"),
        keep("center", CENTER, through("tips_tip", "tip_id")),
    ),
    table(
        "doors_call",
        grant(
            CENTER,
            columns("SELECT", _OF_CALL),
            columns("INSERT", _OF_CALL, "mark sid held number room asked_at"),
            columns("UPDATE", "state todo due_at moving_to held_at"),
        ),
        grant(
            WORKER,
            "SELECT",
            columns("UPDATE", "sid number todo due_at asked_at news moving_to"),
        ),
        keep("center", CENTER, through("tips_tip", "tip_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "doors_callback",
        grant(CENTER, "SELECT", columns("UPDATE", "number how ended_at")),
        keep("center", CENTER, through("tips_tip", "tip_id")),
    ),
    table(
        "doors_leg",
        grant(
            CENTER,
            columns("SELECT", _OF_LEG),
            columns("INSERT", _OF_LEG, "sid asked_at"),
            columns("UPDATE", "todo due_at"),
        ),
        grant(
            WORKER,
            "SELECT",
            "INSERT",
            columns("UPDATE", "sid state how todo due_at tries asked_at ended_at"),
        ),
        keep("center", CENTER, through("doors_call", "call_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table("doors_pastcall"),
    table(
        "doors_picture",
        grant(WORKER, "SELECT", "DELETE", columns("UPDATE", "tries due_at")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "doors_providercopy",
        grant(WORKER, "SELECT", "DELETE", columns("UPDATE", "tries due_at")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table("doors_season"),
    table(
        "doors_textorder",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT", "INSERT"),
        grant(WORKER, "SELECT", columns("UPDATE", "state sealed provider ref tries due_at")),
        numbers(CENTER, SCHOOL, DISTRICT),
        see("center", CENTER, through("tips_tip", "tip_id")),
        add("center_sends", CENTER, through("tips_tip", "tip_id")),
        see("team", (SCHOOL, DISTRICT), _HANDED),
        add("team_sends", (SCHOOL, DISTRICT), _HANDED),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "doors_thread",
        grant(
            (CENTER, SCHOOL, DISTRICT), columns("SELECT", "id tip_id district_id number stopped_at")
        ),
        grant(WORKER, columns("SELECT", "id line stopped_at"), columns("UPDATE", "stopped_at")),
        see("center", CENTER, through("tips_tip", "tip_id")),
        see("team", (SCHOOL, DISTRICT), _HANDED),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table("doors_usualwait"),
    table("doors_wrongbridge"),
)
