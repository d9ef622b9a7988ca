"""Who may see and write which rows of an emergency, and of what lies beneath it."""

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
    by_district_office,
    by_holder,
    by_person,
    change,
    columns,
    differs,
    equals,
    grant,
    is_null,
    keep,
    not_excluded,
    see,
    sql,
    table,
    through,
    within,
)

_ROSTER = equals("kind", "roster") & is_null("center_id")
_POLICE = (
    equals("kind", "police")
    & is_null("center_id")
    & through("tips_tip", "tip_id", same="district_id")
)
_OPEN = equals("outcome", "")
_ASKED = _ROSTER & _OPEN & by_person("asked_by") & is_null("decided_by")

TABLES: tuple[Table, ...] = (
    table(
        "approvals_approval",
        see("roster_office", DISTRICT, _ROSTER & by_district_office()),
        add("roster_office_asks", DISTRICT, _ASKED & by_district_office()),
        add("roster_admin_asks", ADMIN, _ASKED & ADMINISTRATOR),
        change(
            "roster_office_decides",
            DISTRICT,
            _ROSTER & _OPEN & by_district_office(),
            _ROSTER & by_person("decided_by") & by_district_office(),
        ),
        change(
            "roster_admin_decides",
            ADMIN,
            _ROSTER & _OPEN & ADMINISTRATOR,
            _ROSTER & by_person("decided_by") & ADMINISTRATOR,
        ),
        see("police", CENTER, _POLICE),
        add("police_asks", CENTER, _POLICE & _OPEN & by_person("asked_by") & is_null("decided_by")),
        change(
            "police_decides",
            CENTER,
            _POLICE & _OPEN,
            _POLICE & by_person("decided_by") & differs("outcome", "shares"),
        ),
    ),
    table(
        "emergency_brief",
        grant(CENTER, "SELECT", "INSERT"),
        grant(
            (SCHOOL, DISTRICT),
            columns(
                "SELECT",
                "acknowledged_at at district_id id outcome outcome_at state team_id",
                "tip_id",
            ),
        ),
        grant(
            POLICE,
            columns(
                "SELECT",
                "acknowledged_at acknowledged_by at danger_now district_id id matter_id",
                "outcome outcome_at outcome_by priority reference state team_id tip_id",
            ),
            columns(
                "UPDATE",
                "acknowledged_at acknowledged_by outcome outcome_at outcome_by",
                "outcome_sealed state",
            ),
        ),
        see("center", CENTER, through("tips_tip", "tip_id")),
        add(
            "center_writes",
            CENTER,
            through("tips_tip", "tip_id", same="district_id") & by_person("by"),
        ),
        see("district", DISTRICT, through("tips_tip", "tip_id")),
        see(
            "police",
            POLICE,
            within("team_id", "api.police_teams")
            & not_excluded()
            & (
                is_null("outcome_at")
                | sql(
                    "outcome_at > api.clock_now() - CAST('30 days' AS interval)",
                    reason="police keep a finished brief for thirty days",
                )
            ),
        ),
        change(
            "police_answers",
            POLICE,
            within("team_id", "api.police_teams") & not_excluded(),
            sql(
                "(SELECT api.scope_person()) = acknowledged_by",
                reason="an officer writes in their own name: that they have it",
            )
            | sql(
                "(SELECT api.scope_person()) = outcome_by",
                reason="an officer writes in their own name: how it ended",
            ),
        ),
        see("school", SCHOOL, through("tips_tip", "tip_id")),
    ),
    table(
        "emergency_briefkey",
        grant(CENTER, "INSERT"),
        grant(POLICE, "SELECT"),
        add("center_writes", CENTER, through("emergency_briefpage", "page_id", same="brief_id")),
        see(
            "police",
            POLICE,
            (
                by_holder()
                | sql(
                    "holder = 'own:' || encode(sha256((SELECT api.scope_code()) || "
                    "uuid_send(brief_id)), 'hex')",
                    reason="an officer by name stands under another name in each brief",
                )
            )
            & through("emergency_brief", "brief_id"),
        ),
    ),
    table(
        "emergency_briefpage",
        grant(CENTER, "SELECT", "INSERT"),
        grant(
            POLICE,
            columns("SELECT", "at brief_id district_id id number sealed sheet_number tip_id"),
        ),
        see("center", CENTER, through("tips_tip", "tip_id")),
        add(
            "center_writes", CENTER, through("tips_tip", "tip_id", same="district_id") & by_person()
        ),
        see("police", POLICE, through("emergency_brief", "brief_id")),
    ),
    table(
        "emergency_call",
        grant(CENTER, "SELECT", "INSERT"),
        grant(
            (SCHOOL, DISTRICT),
            columns("SELECT", "at called_at district_id id line person_id police tip_id"),
        ),
        see("center", CENTER, through("tips_tip", "tip_id")),
        add(
            "center_writes", CENTER, through("tips_tip", "tip_id", same="district_id") & by_person()
        ),
        see("district", DISTRICT, through("tips_tip", "tip_id")),
        see("school", SCHOOL, through("tips_tip", "tip_id")),
    ),
    table(
        "emergency_callcorrection",
        grant(CENTER, "SELECT", "INSERT"),
        grant((SCHOOL, DISTRICT), columns("SELECT", "at call_id district_id id person_id tip_id")),
        see("center", CENTER, through("tips_tip", "tip_id")),
        add(
            "center_writes", CENTER, through("tips_tip", "tip_id", same="district_id") & by_person()
        ),
        see("district", DISTRICT, through("tips_tip", "tip_id")),
        see("school", SCHOOL, through("tips_tip", "tip_id")),
    ),
    table(
        "emergency_roster",
        grant((CENTER, SCHOOL), "SELECT"),
        grant((DISTRICT, ADMIN), "SELECT", "INSERT", "DELETE"),
        keep("admin", ADMIN, ADMINISTRATOR, ADMINISTRATOR & by_person("imported_by")),
        see("center", CENTER, by_center()),
        keep(
            "district",
            DISTRICT,
            by_district_office(),
            by_district_office() & by_person("imported_by"),
        ),
        see(
            "school",
            SCHOOL,
            sql(
                """
                school_id IN (SELECT t.school_id FROM people_team t WHERE 'team:' || t.id = ANY
                ((SELECT api.scope_holders())::text[]))
                """,
                reason="the roster of the schools whose teams the reader is of",
            ),
        ),
    ),
    table(
        "emergency_rosterentry",
        grant((DISTRICT, ADMIN), "INSERT"),
        add(
            "imports",
            (DISTRICT, ADMIN),
            through("emergency_roster", "roster_id", same="district_id"),
        ),
    ),
    table(
        "emergency_rosterkey",
        grant((CENTER, SCHOOL), "SELECT"),
        grant(DISTRICT, "SELECT", "INSERT"),
        grant(ADMIN, "INSERT"),
        add(
            "imports",
            (DISTRICT, ADMIN),
            through("emergency_roster", "roster_id", same="district_id"),
        ),
        see("mine", (CENTER, SCHOOL, DISTRICT), by_holder()),
    ),
    table(
        "emergency_rosterblindindex",
        grant((DISTRICT, ADMIN), "INSERT"),
        add(
            "imports",
            (DISTRICT, ADMIN),
            through("emergency_roster", "roster_id", same="district_id"),
        ),
    ),
    table(
        "emergency_rosteropening",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT"),
        see("of_tip", (CENTER, SCHOOL, DISTRICT), through("tips_tip", "tip_id")),
    ),
    table(
        "emergency_sheet",
        grant(CENTER, "SELECT", "INSERT"),
        see("center", CENTER, through("tips_tip", "tip_id")),
        add(
            "center_writes", CENTER, through("tips_tip", "tip_id", same="district_id") & by_person()
        ),
    ),
    table(
        "vault_shredkey",
        see(
            "police",
            POLICE,
            sql(
                """
                EXISTS (SELECT 1 FROM emergency_brief b WHERE b.tip_id = {table}.subject)
                """,
                reason="police open a brief, whose key is the tip's to destroy",
            ),
        ),
    ),
)
