"""Who may see and write contacts and referrals: the center that took them, and nobody else."""

from upstander.schema.rows import (
    ADMIN,
    CENTER,
    DISTRICT,
    SCHOOL,
    Table,
    add,
    by_folder,
    by_person,
    change,
    columns,
    differs,
    grant,
    narrowed,
    see,
    table,
    through,
)

TABLES: tuple[Table, ...] = (
    table(
        "audit_entry",
        narrowed(
            see(
                "contacts_apart",
                (SCHOOL, DISTRICT, ADMIN),
                differs("subject_kind", "contact"),
            )
        ),
    ),
    table(
        "referrals_contact",
        grant(
            CENTER,
            "SELECT",
            "INSERT",
            columns("UPDATE", "way danger language interpreter needs town ended_at sealed"),
        ),
        see("holds", CENTER, by_folder("id")),
        add("takes", CENTER, by_folder("id") & by_person()),
        change("works", CENTER, by_folder("id")),
    ),
    table(
        "referrals_referral",
        grant(
            CENTER,
            "SELECT",
            "INSERT",
            columns(
                "UPDATE",
                "taken_back_at link_hash wrapped ask_at tries outcome outcome_at outcome_by"
                " barrier sealed silent_at mailbox held_until held_yes_at",
            ),
        ),
        see("holds", CENTER, through("referrals_contact", "contact_id")),
        add("makes", CENTER, through("referrals_contact", "contact_id") & by_person("made_by")),
        change("works", CENTER, through("referrals_contact", "contact_id")),
    ),
)
