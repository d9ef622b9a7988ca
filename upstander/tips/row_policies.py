"""Who may see and write which rows of tips, and of what lies beneath it."""

from upstander.schema.rows import (
    CENTER,
    DISTRICT,
    SCHOOL,
    Table,
    add,
    by_center,
    by_district,
    by_district_office,
    by_holder,
    by_person,
    change,
    columns,
    differs,
    equals,
    grant,
    is_null,
    is_set,
    keep,
    listed_in,
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

#: Links are made by the center and by those who lead; any member of staff has the desk's own form,
#: for minutes.
_MAKES = (
    by_person("made_by")
    & by_district()
    & is_null("used_at")
    & is_set("matter_id")
    & sql(
        """
        CASE WHEN own THEN expires_at <= api.clock_now() + interval '1 hour' ELSE
        expires_at <= api.clock_now() + interval '8 days' AND (cardinality((SELECT
        api.scope_led_teams())) > 0 OR cardinality((SELECT api.center_districts())) > 0) END
        """,
        reason="how long it may stand hangs on what it is",
    )
)

TABLES: tuple[Table, ...] = (
    table(
        "audit_entry",
        see(
            "center",
            CENTER,
            by_center()
            & (is_null("matter_id") | not_excluded())
            & (
                differs("subject_kind", "tip")
                | sql(
                    """
                EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = CASE WHEN {table}.subject_kind =
                'tip' THEN {table}.subject_id::uuid ELSE NULL::uuid END)
                """,
                    reason=("the record names its subject by a text"),
                )
            ),
        ),
        see(
            "district",
            DISTRICT,
            by_district_office()
            & (is_null("matter_id") | not_excluded())
            & (
                differs("subject_kind", "tip")
                | sql(
                    """
                EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = CASE WHEN {table}.subject_kind =
                'tip' THEN {table}.subject_id::uuid ELSE NULL::uuid END)
                """,
                    reason=("the record names its subject by a text"),
                )
            ),
        ),
        see(
            "school",
            SCHOOL,
            equals("subject_kind", "tip")
            & sql(
                """
                EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = CASE WHEN {table}.subject_kind =
                'tip' THEN {table}.subject_id::uuid ELSE NULL::uuid END)
                """,
                reason=("the record names its subject by a text"),
            ),
        ),
    ),
    table(
        "matters_matter",
        keep("school", SCHOOL, listed_in("id", "tips_tip", "matter_id")),
    ),
    table(
        "matters_exclusion",
        see("seen", SCHOOL, listed_in("matter_id", "tips_tip", "matter_id")),
    ),
    # Its maker sees that it is there and until when: not its hash, nor whether it was used.
    table(
        "tips_adultlink",
        grant(
            (CENTER, SCHOOL, DISTRICT),
            columns("SELECT", "id district_id school_id made_by made_at expires_at note own"),
            "INSERT",
            "DELETE",
        ),
        keep("maker", (CENTER, SCHOOL, DISTRICT), by_person("made_by"), _MAKES),
    ),
    table(
        "tips_attachment",
        grant(CENTER, "SELECT", columns("UPDATE", "held sealed state to_inbox")),
        grant((SCHOOL, DISTRICT), "SELECT"),
        keep("center", CENTER, through("tips_tip", "tip_id")),
        keep(
            "district",
            DISTRICT,
            sql(
                """
                EXISTS (SELECT 1 FROM tips_tip x JOIN tips_recipient y ON y.tip_id = x.id WHERE
                x.id = {table}.tip_id AND y.holder = ANY ((SELECT api.scope_holders())::text[])
                AND (y.with_words OR {table}.at >= y.since))
                """,
                reason=("by the recipient's row, which says since when and how much"),
            ),
        ),
        keep(
            "school",
            SCHOOL,
            sql(
                """
                EXISTS (SELECT 1 FROM tips_tip x JOIN tips_recipient y ON y.tip_id = x.id WHERE
                x.id = {table}.tip_id AND y.holder = ANY ((SELECT api.scope_holders())::text[])
                AND (y.with_words OR {table}.at >= y.since))
                """,
                reason=("by the recipient's row, which says since when and how much"),
            ),
        ),
    ),
    table(
        "tips_draft",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT", "INSERT", "UPDATE", "DELETE"),
        # Whoever takes a tip over goes on from what its owner had begun. Until then words lie with
        # whoever writes them: what they may say of a colleague is asked about as they are kept.
        keep(
            "center",
            CENTER,
            equals("audience", "center")
            & through("tips_tip", "tip_id")
            & (
                by_person()
                | sql(
                    """
                EXISTS (SELECT 1 FROM tips_tip x WHERE x.id = {table}.tip_id AND x.claimed_by =
                (SELECT api.scope_person()) AND x.claimed_at > {table}.at)
                """,
                    reason=("taken over since, by who asks"),
                )
            ),
            equals("audience", "center") & through("tips_tip", "tip_id") & by_person(),
        ),
        keep(
            "team",
            (SCHOOL, DISTRICT),
            equals("audience", "case") & through("tips_tip", "tip_id") & by_person(),
        ),
    ),
    table(
        "tips_message",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT", "INSERT"),
        keep("center", CENTER, through("tips_tip", "tip_id")),
        keep(
            "district",
            DISTRICT,
            sql(
                """
                EXISTS (SELECT 1 FROM tips_tip x JOIN tips_recipient y ON y.tip_id = x.id WHERE
                x.id = {table}.tip_id AND y.holder = ANY ((SELECT api.scope_holders())::text[])
                AND (y.with_words OR {table}.turn > y.since_turn OR {table}.author = 'school'))
                """,
                reason=("by the recipient's row, which says since when and how much"),
            ),
        ),
        narrowed(add("own_name", CENTER, equals("author", "center") & by_person())),
        narrowed(
            add("own_name_team", (SCHOOL, DISTRICT), equals("author", "school") & by_person())
        ),
        keep(
            "school",
            SCHOOL,
            sql(
                """
                EXISTS (SELECT 1 FROM tips_tip x JOIN tips_recipient y ON y.tip_id = x.id WHERE
                x.id = {table}.tip_id AND y.holder = ANY ((SELECT api.scope_holders())::text[])
                AND (y.with_words OR {table}.turn > y.since_turn OR {table}.author = 'school'))
                """,
                reason=("by the recipient's row, which says since when and how much"),
            ),
        ),
    ),
    table(
        "tips_note",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT", "INSERT"),
        keep("center", CENTER, equals("audience", "center") & through("tips_tip", "tip_id")),
        add("center_brief", CENTER, equals("kind", "brief") & through("tips_tip", "tip_id")),
        add("center_update", CENTER, equals("kind", "update") & through("tips_tip", "tip_id")),
        keep("district", DISTRICT, equals("audience", "case") & through("tips_tip", "tip_id")),
        narrowed(
            add(
                "handed",
                DISTRICT,
                sql(
                    """
                tip_id IN (SELECT y.tip_id FROM tips_recipient y WHERE y.holder = ANY ((SELECT
                api.scope_holders())::text[]))
                """,
                    reason=("handed to this reader, not only to somebody of the district"),
                ),
            )
        ),
        narrowed(add("own_name", (CENTER, SCHOOL, DISTRICT), by_person())),
        keep("school", SCHOOL, equals("audience", "case") & through("tips_tip", "tip_id")),
        add(
            "sends_back",
            (SCHOOL, DISTRICT),
            equals("kind", "returned") & through("tips_tip", "tip_id"),
        ),
    ),
    table(
        "tips_recipient",
        grant(CENTER, "SELECT", "INSERT", "DELETE", columns("UPDATE", "with_words")),
        grant((SCHOOL, DISTRICT), "SELECT", "DELETE", columns("UPDATE", "with_words")),
        keep(
            "center",
            CENTER,
            through("tips_tip", "tip_id"),
            through("tips_tip", "tip_id", same="district_id"),
        ),
        see(
            "district",
            DISTRICT,
            by_district_office() & ~within("tip_id", "api.excluded_tips", "uuid"),
        ),
        remove("district_leaves", DISTRICT, by_holder()),
        change("district_own", DISTRICT, by_holder()),
        keep("school", SCHOOL, by_holder() & ~within("tip_id", "api.excluded_tips", "uuid")),
    ),
    table(
        "tips_returncode",
    ),
    table(
        "tips_settled",
        grant(CENTER, "SELECT", "INSERT"),
        numbers(CENTER),
        keep(
            "center",
            CENTER,
            through("tips_tip", "tip_id"),
            through("tips_tip", "tip_id", same="district_id") & by_person(),
        ),
    ),
    table(
        "tips_subject",
        grant(CENTER, "SELECT", "INSERT", "DELETE"),
        keep("center", CENTER, through("tips_tip", "tip_id")),
    ),
    table(
        "tips_subjectblindindex",
        grant(CENTER, "SELECT", "INSERT", "DELETE"),
        keep("center", CENTER, through("tips_tip", "tip_id")),
    ),
    table(
        "tips_talk",
    ),
    table(
        "tips_tip",
        grant(
            CENTER,
            "SELECT",
            columns(
                "UPDATE",
                "changed_at claimed_at claimed_by disposition first_read_at",
                "first_reply_at junk kept_as mandated not_see not_see_turn priority rank",
                "said_before same_words shared_for similarity school_id state turns waiting_since",
            ),
        ),
        grant(
            (SCHOOL, DISTRICT),
            "SELECT",
            columns("UPDATE", "changed_at disposition first_reply_at state turns waiting_since"),
        ),
        keep(
            "center",
            CENTER,
            by_center() & not_excluded(),
            through("matters_matter", "matter_id", same="district_id"),
        ),
        see(
            "district",
            DISTRICT,
            by_district_office() & listed_in("id", "tips_recipient", "tip_id") & not_excluded(),
        ),
        change(
            "district_works",
            DISTRICT,
            sql(
                """
                id IN (SELECT tips_recipient.tip_id FROM tips_recipient WHERE
                tips_recipient.holder = ANY ((SELECT api.scope_holders())::text[]))
                """,
                reason=("handed to this reader, not only to somebody of the district"),
            )
            & not_excluded(),
        ),
        keep(
            "school",
            SCHOOL,
            sql(
                """
                id IN (SELECT tips_recipient.tip_id FROM tips_recipient WHERE
                tips_recipient.holder = ANY ((SELECT api.scope_holders())::text[]))
                """,
                reason=("handed to this reader, not only to somebody of the district"),
            )
            & not_excluded(),
        ),
    ),
    table(
        "tips_unread",
        grant(CENTER, "SELECT"),
        see("center", CENTER, through("tips_tip", "tip_id")),
    ),
    table(
        "vault_grant",
        remove("center_removes", CENTER, by_holder() & through("tips_tip", "tip_id")),
        add("center_writes", CENTER, through("tips_tip", "tip_id", same="district_id")),
        see(
            "mine",
            DISTRICT,
            by_holder()
            & sql(
                """
                EXISTS (SELECT 1 FROM tips_recipient y WHERE y.tip_id = {table}.tip_id AND
                y.holder = {table}.holder)
                """,
                reason=("an office's grants open once the escalation has let it in"),
            ),
        ),
        see(
            "mine_2", (CENTER, SCHOOL), by_holder() & ~within("tip_id", "api.excluded_tips", "uuid")
        ),
    ),
    table(
        "vault_shredkey",
        see("center", CENTER, through("tips_tip", "subject")),
        see("district", DISTRICT, through("tips_tip", "subject")),
        see("school", SCHOOL, through("tips_tip", "subject")),
    ),
    table(
        "vault_tombstone",
        see("of_tip", (CENTER, SCHOOL, DISTRICT), through("tips_tip", "subject")),
    ),
)
