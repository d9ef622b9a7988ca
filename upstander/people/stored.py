"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "people_staffsession",
        "twelve hours at most",
        (
            Column(
                "person_id, kind, complete, started_at, used_at, working_since",
                "sessions end; the cookie is not here; a supervisor sees who has had no break",
            ),
        ),
    ),
    Table(
        "people_signinmemory",
        "ten minutes at most; unlogged, so in no backup",
        (
            Column(
                "value, expires_at",
                "counts of wrong tries and that some code was used; whose, and from where, is an "
                "HMAC",
            ),
        ),
    ),
    Table(
        "people_person",
        "as long as the person or team is there",
        (
            Column(
                "id, password, last_login, email, language, is_active",
                "signing in and paging by mail; `password` is Argon2id under a "
                "secret file; names, those of before and phones are sealed",
            ),
        ),
    ),
    Table(
        "people_wayin",
        "kept: who left and could finish their own reports; its link goes once it is used",
        (
            Column(
                "person_id, since, misses, expires_at, used_at, ends_at",
                "who may still come in after leaving, for reports of their own, and until when",
            ),
        ),
    ),
    Table(
        "people_invitation",
        "kept: who was invited by whom; its link and keys go once it is used or has run out",
        (
            Column(
                "id, team_id, role, email, language, reachable_at_night, "
                "created_by_id, created_at, misses, expires_at, used_at",
                "who was invited; keys are wrapped under link and spoken words",
            ),
        ),
    ),
    Table(
        "people_team",
        "as long as the place is served",
        (Column("id, kind, name, center_id, district_id, school_id, renew_key_since", "routing"),),
    ),
    Table(
        "people_membership",
        "as long as the person or team is there",
        (
            Column(
                "id, team_id, person_id, role, reachable_at_night, until",
                "all rights follow from it",
            ),
        ),
    ),
)
