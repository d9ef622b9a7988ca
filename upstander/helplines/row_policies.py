"""Who may see and write what advocates keep: their own agency, by its key; and nobody else."""

from upstander.schema.rows import (
    ADMIN,
    CENTER,
    DISTRICT,
    EVERY_ROW,
    FORMER,
    MONITOR,
    SCHOOL,
    WORKER,
    Table,
    add,
    by_center,
    by_colleague,
    by_folder,
    by_person,
    change,
    columns,
    differs,
    grant,
    is_null,
    is_set,
    keep,
    narrowed,
    not_over,
    remove,
    see,
    sql,
    table,
    through,
    within,
)

_OF_AN_AGENCY = sql(
    """
    EXISTS (SELECT 1 FROM places_district d JOIN places_center c ON c.id = d.center_id
    WHERE d.id = district_id AND c.advocates)
    """,
    reason="clients are an agency's of advocates alone, which an administrator says of a center",
)
_NO_WORD = sql(
    """
    EXISTS (SELECT 1 FROM helplines_volunteer v WHERE v.person_id = (SELECT api.scope_person())
    AND v.ended_at IS NULL AND v.may_take_at IS NULL)
    """,
    reason="a volunteer whom no supervisor lets take contacts yet is no second person either",
)
_BY_AN_AGENCY = sql(
    """
    EXISTS (SELECT 1 FROM places_district d JOIN places_center c ON c.id = d.center_id
    WHERE c.advocates AND d.id = ANY ((SELECT api.center_districts())::bigint[]))
    """,
    reason="what is on its way is of no district: an agency sends it",
)

TABLES: tuple[Table, ...] = (
    table(
        "audit_entry",
        # Not even that somebody came: whoever is of no center reads no such entry.
        narrowed(
            see(
                "clients_apart",
                (SCHOOL, DISTRICT, ADMIN, MONITOR, FORMER),
                differs("subject_kind", "client"),
            )
        ),
    ),
    table(
        "helplines_client",
        grant(CENTER, "SELECT", "INSERT", columns("UPDATE", "sealed plan legal ended_at")),
        see("holds", CENTER, by_center() & by_folder("id")),
        add("takes", CENTER, by_center() & by_folder("id") & _OF_AN_AGENCY),
        change("works", CENTER, by_center() & by_folder("id")),
    ),
    table(
        "helplines_note",
        grant(CENTER, "SELECT", "INSERT"),
        see("holds", CENTER, through("helplines_client", "client_id")),
        add("writes", CENTER, through("helplines_client", "client_id") & by_person()),
    ),
    table(
        "helplines_accompaniment",
        grant(
            CENTER,
            "SELECT",
            "INSERT",
            columns(
                "UPDATE", "state held_by alert_id due_at accepted_at arrived_at left_at safe_at"
            ),
        ),
        grant(
            WORKER,
            columns(
                "SELECT",
                "id district_id matter_id team_id begins_at state held_by alert_id due_at asked_at",
            ),
            columns("UPDATE", "state held_by alert_id due_at accepted_at"),
        ),
        see("holds", CENTER, through("helplines_client", "client_id")),
        add(
            "asks",
            CENTER,
            through("helplines_client", "client_id", same="matter_id") & by_center(),
        ),
        change("works", CENTER, through("helplines_client", "client_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    table(
        "helplines_partner",
        grant(CENTER, "SELECT", "INSERT", "DELETE"),
        see("holds", CENTER, through("helplines_accompaniment", "accompaniment_id")),
        add("tells", CENTER, through("helplines_accompaniment", "accompaniment_id")),
        remove("takes_back", CENTER, through("helplines_accompaniment", "accompaniment_id")),
    ),
    table(
        "approvals_approval",
        narrowed(change("own_word", CENTER, EVERY_ROW, by_person("asked_by") | ~_NO_WORD)),
    ),
    table(
        "decisions_secondopinion",
        narrowed(
            change(
                "own_word",
                CENTER,
                EVERY_ROW,
                is_null("decided_by") | by_person("proposed_by") | ~_NO_WORD,
            )
        ),
    ),
    table(
        "helplines_volunteer",
        grant(CENTER, "SELECT", "INSERT", columns("UPDATE", "may_take_by may_take_at ended_at")),
        grant(WORKER, "SELECT"),
        see("colleagues", CENTER, by_colleague()),
        add(
            "marks",
            CENTER,
            within("center_id", "api.oncall_centers")
            & by_colleague()
            & by_person("begun_by")
            & is_null("may_take_by"),
        ),
        change(
            "says",
            CENTER,
            within("center_id", "api.oncall_centers") & is_null("ended_at"),
            within("center_id", "api.oncall_centers")
            & (is_set("ended_at") | is_null("may_take_by") | by_person("may_take_by")),
        ),
        see("worker", WORKER, EVERY_ROW),
    ),
    table(
        "helplines_deadline",
        grant(CENTER, "SELECT", "INSERT", columns("UPDATE", "remind_at done_at")),
        grant(
            WORKER,
            columns("SELECT", "id district_id person_id due_at remind_at"),
            columns("UPDATE", "remind_at"),
        ),
        see("holds", CENTER, through("helplines_client", "client_id")),
        add(
            "notes",
            CENTER,
            through("helplines_client", "client_id", same="district_id") & by_person(),
        ),
        change("works", CENTER, through("helplines_client", "client_id")),
        keep("worker", WORKER, EVERY_ROW),
    ),
    # Sent by an agency, read by whoever holds its link (api.intake), and by nobody else.
    table(
        "helplines_intake",
        grant(CENTER, "INSERT"),
        grant(WORKER, columns("SELECT", "id until"), "DELETE"),
        add("sends", CENTER, _BY_AN_AGENCY),
        see("swept", WORKER, EVERY_ROW),
        remove("worker", WORKER, ~not_over("until")),
    ),
)
