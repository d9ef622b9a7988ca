"""Who may see and write which rows of escalations, and of what lies beneath it."""

from functools import reduce
from operator import or_

from upstander.escalations.recorded import ANSWERS
from upstander.schema.rows import (
    CENTER,
    DISTRICT,
    EVERY_ROW,
    SCHOOL,
    WORKER,
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
    keep,
    narrowed,
    not_excluded,
    numbers,
    remove,
    see,
    sql,
    table,
    through,
    within,
)

TABLES: tuple[Table, ...] = (
    table(
        "audit_entry",
        add(
            "worker_answers",
            WORKER,
            equals("actor_kind", "staff")
            & equals("subject_kind", "tip")
            # No other entry does the worker write in a person's name.
            & reduce(or_, (equals("action", act.name) for act in ANSWERS))
            & sql(
                """
                EXISTS (SELECT 1 FROM carriers_inbound i JOIN escalations_alert a ON a.id =
                i.for_id WHERE i.person_id = {table}.actor_id AND a.subject_id::text =
                {table}.subject_id::text)
                """,
                reason="and only for an answer that came from that person",
            ),
        ),
    ),
    table(
        "carriers_delivery",
        see("of_alert", (CENTER, SCHOOL, DISTRICT), through("escalations_alert", "for_id")),
    ),
    table(
        "escalations_acknowledgement",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT", "INSERT"),
        grant(WORKER, "SELECT", "INSERT", "UPDATE"),
        keep("of_alert", (CENTER, SCHOOL, DISTRICT), through("escalations_alert", "alert_id")),
        narrowed(add("own_name", (CENTER, SCHOOL, DISTRICT), by_person())),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "escalations_alert",
        grant(
            CENTER,
            "SELECT",
            "INSERT",
            columns(
                "UPDATE",
                "acknowledged_at acknowledged_by crowded happening_now holders idle_asked",
                "next_step_due_at no_topic priority raised state",
            ),
        ),
        grant(
            (SCHOOL, DISTRICT),
            "SELECT",
            columns(
                "UPDATE",
                "acknowledged_at acknowledged_by idle_asked next_step_due_at raised",
                "state",
            ),
        ),
        grant(WORKER, "SELECT", "INSERT", "UPDATE"),
        keep("center", CENTER, by_center() & not_excluded(), by_center()),
        keep(
            "school",
            SCHOOL,
            sql(
                "CAST(holders AS text[]) && (SELECT api.scope_holders())",
                reason="a list of holders, of which one must be who asks",
            )
            & not_excluded(),
        ),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "escalations_externalcontact",
        grant(CENTER, "SELECT", "INSERT", "UPDATE"),
        grant(WORKER, "SELECT"),
        keep(
            "center",
            CENTER,
            within("center_id", "api.own_centers"),
            within("center_id", "api.supervised_centers"),
        ),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "escalations_fallbackphone",
        grant(CENTER, "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant(WORKER, "SELECT"),
        keep(
            "center",
            CENTER,
            within("center_id", "api.own_centers"),
            within("center_id", "api.supervised_centers"),
        ),
        narrowed(remove("supervisor", CENTER, within("center_id", "api.supervised_centers"))),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "escalations_line",
        grant(WORKER, "SELECT", "INSERT", "UPDATE"),
        numbers(WORKER),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "escalations_moment",
        grant(WORKER, "SELECT", "UPDATE"),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "escalations_news",
        grant((CENTER, SCHOOL, DISTRICT, WORKER), "SELECT", "INSERT", "DELETE"),
        numbers(WORKER),
        keep(
            "upstander",
            (CENTER, SCHOOL, DISTRICT),
            sql(
                """
                EXISTS (SELECT 1 FROM escalations_alert a WHERE a.subject_id =
                {table}.subject_id)
                """,
                reason="news of what a seen alert is about; it names no alert",
            ),
        ),
        # All other news the database leaves itself, where what it tells of happens: nobody makes
        # the worker drop a call by word of a closing that wasn't.
        narrowed(
            add(
                "own_news",
                (CENTER, SCHOOL, DISTRICT),
                equals("kind", "assessed") | equals("kind", "learned"),
            )
        ),
        narrowed(
            remove(
                "own_news_2",
                (CENTER, SCHOOL, DISTRICT),
                equals("kind", "wrote") | equals("kind", "closed") | equals("kind", "briefed"),
            )
        ),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "escalations_page",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT", "INSERT", columns("UPDATE", "due_at state")),
        grant(WORKER, "SELECT", "INSERT", "UPDATE"),
        keep("of_alert", (CENTER, SCHOOL, DISTRICT), through("escalations_alert", "alert_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "escalations_policy",
        grant(CENTER, "SELECT", "INSERT", "UPDATE", "DELETE"),
        grant(WORKER, "SELECT"),
        keep(
            "center",
            CENTER,
            within("center_id", "api.own_centers"),
            within("center_id", "api.supervised_centers"),
        ),
        narrowed(remove("supervisor", CENTER, within("center_id", "api.supervised_centers"))),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "escalations_step",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT", "INSERT", columns("UPDATE", "due_at state")),
        grant(WORKER, "SELECT", "INSERT", "UPDATE"),
        keep("of_alert", (CENTER, SCHOOL, DISTRICT), through("escalations_alert", "alert_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "escalations_task",
        grant(
            CENTER,
            "SELECT",
            "INSERT",
            columns("UPDATE", "detail done_at done_by due_at outcome state taken_at taken_by"),
        ),
        grant(WORKER, "SELECT", "INSERT", "UPDATE"),
        keep("center", CENTER, by_center() & not_excluded(), by_center()),
        narrowed(
            change(
                "own_name",
                CENTER,
                EVERY_ROW,
                (is_null("taken_by") | differs("state", "taken") | by_person("taken_by"))
                & (is_null("done_by") | by_person("done_by")),
            )
        ),
        narrowed(
            add(
                "own_name_first",
                CENTER,
                (is_null("taken_by") | by_person("taken_by")) & is_null("done_by"),
            )
        ),
        keep("worker", WORKER, EVERY_ROW),
    ),
)
