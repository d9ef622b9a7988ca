"""Who may see and write which matters and folders."""

from upstander.schema.rows import (
    CENTER,
    DISTRICT,
    FORMER,
    SCHOOL,
    Table,
    add,
    by_center,
    by_folder,
    by_person,
    by_team,
    columns,
    equals,
    grant,
    is_null,
    keep,
    listed_in,
    not_excluded,
    not_over,
    see,
    sql,
    table,
    through,
    within,
)

_OWN_FOLDER = within("holder", "api.folder_names", "text") | sql(
    "holder = 'own:' || encode(sha256((SELECT api.scope_code()) || uuid_send(folder_id)), 'hex')",
    reason="a person by name stands under another name in each folder (matters_name)",
)

TABLES: tuple[Table, ...] = (
    table(
        "matters_folder",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT"),
        see("former", FORMER, equals("kind", "duty") & by_person("opened_by")),
        see(
            "mine",
            (CENTER, SCHOOL, DISTRICT),
            sql(
                """
                EXISTS (SELECT 1 FROM matters_foldergrant g WHERE g.folder_id = {table}.id OFFSET 0)
                """,
                reason=("the folder itself: seen by whoever holds a grant of it now"),
            )
            & (by_person("opened_by") & ~equals("kind", "register") | not_excluded()),
        ),
    ),
    table(
        "matters_foldergrant",
        grant((CENTER, SCHOOL, DISTRICT, FORMER), "SELECT"),
        see(
            "former",
            FORMER,
            _OWN_FOLDER & through("matters_folder", "folder_id"),
        ),
        see(
            "mine",
            (CENTER, SCHOOL, DISTRICT),
            _OWN_FOLDER & (is_null("until") | not_over("until")),
        ),
    ),
    table(
        "matters_matter",
        grant(CENTER, "SELECT", "INSERT", columns("UPDATE", "restricted")),
        grant(SCHOOL, "SELECT"),
        keep("center", CENTER, by_center() & not_excluded("id"), by_center()),
    ),
    table(
        "matters_exclusion",
        grant((CENTER, SCHOOL, DISTRICT), "SELECT", "INSERT"),
        grant(FORMER, "SELECT"),
        keep(
            "center",
            CENTER,
            by_center() & not_excluded(),
            through("matters_matter", "matter_id", same="district_id"),
        ),
        see(
            "folder",
            (CENTER, SCHOOL, DISTRICT, FORMER),
            listed_in("matter_id", "matters_folder", "matter_id"),
        ),
        add(
            "recuse",
            (SCHOOL, DISTRICT),
            sql(
                "person_mac = sha256((SELECT api.scope_mac()) || uuid_send(bound_to))",
                reason="a person stands here as a code alone, never by number",
            ),
        ),
    ),
    table(
        "matters_matterhold",
    ),
    table(
        "matters_newcomer",
        grant((SCHOOL, DISTRICT), "SELECT"),
        see(
            "colleagues",
            (SCHOOL, DISTRICT),
            by_team()
            & not_excluded()
            & sql(
                "matters_newcomer.person_id <> (SELECT api.scope_person())",
                reason="whoever joined learns nothing of what waits",
            ),
        ),
    ),
    table("matters_takenback"),  # written and read by functions alone,
    table(
        "vault_shredkey",
        see("folder", (CENTER, SCHOOL, DISTRICT, FORMER), by_folder("subject")),
    ),
)
