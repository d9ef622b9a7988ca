"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "places_publishededition",
        "kept: counts alone",
        (
            Column(
                "id, district_id, subject, half, audience, barred, tables, measures, published_at",
                "what was published of a half-year, as it was: counts, none under ten, and "
                "times; which bars there were then, by the hashes that stand in them",
            ),
        ),
    ),
    Table(
        "places_folder",
        "the tip, case or duty whose folder it is; an allegation's with its entry",
        (
            Column(
                "id, kind, district_id, school_id, matter_id, opened_by, opened_at",
                "that a duty or a case exists, where, and whose it is: its clocks "
                "and its walls need it; its words are sealed",
            ),
        ),
    ),
    Table(
        "places_foldergrant",
        "the tip, case or duty whose folder it is; an allegation's with its entry",
        (
            Column(
                "id, folder_id, holder, key_version, since, until",
                "for whom it opens: a team, or for a person a hash that no other folder "
                "has. A duty and an allegation have a multiple of eight, of which some open "
                "for nobody",
            ),
        ),
    ),
    Table(
        "places_matterhold",
        "kept: codes and ids, no words",
        (
            Column(
                "id, matter_id, by, since, lifted_at, passed_by",
                "that a report is owed on a matter, so that nobody is questioned "
                "before it; who went on all the same answers for it",
            ),
        ),
    ),
    Table(
        "places_newcomer",
        "kept: codes and ids, no words",
        (
            Column(
                "id, matter_id, person_id, team_id, since, let_in_at, let_in_by",
                "the database hides from whoever joined a team what it had before, until a "
                "colleague has looked; who let them in answers for it",
            ),
        ),
    ),
    Table(
        "places_takenback",
        "70 days",
        (
            Column(
                "id, folder_id, holder, at",
                "when something was taken back in a folder; from whom, is a hash among eight of "
                "which the others are nobody's; of a team, its number",
            ),
        ),
    ),
    Table(
        "places_matter",
        "kept: codes and ids, no words",
        (
            Column(
                "id, district_id, restricted, merged_into_id",
                "restricted grants take another path; which matters have become "
                "one, so that bars and holds of either keep all of it",
            ),
        ),
    ),
    Table(
        "places_matterbar",
        "kept: codes and ids, no words",
        (
            Column(
                "id, matter_id, district_id, bound_to",
                "how many are kept from a matter; whom, is a hash that no other row has",
            ),
        ),
    ),
    Table(
        "places_staffsession",
        "twelve hours at most",
        (
            Column(
                "person_id, kind, complete, started_at, used_at",
                "sessions end; the cookie is not here",
            ),
        ),
    ),
    Table(
        "places_signinmemory",
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
        "places_person",
        "as long as the person or team is there",
        (
            Column(
                "id, password, last_login, email, language, is_active",
                "signing in and paging by mail; `password` is Argon2id under a "
                "secret file; names and phones are sealed",
            ),
        ),
    ),
    Table(
        "places_importproposal",
        "seven days, or until the import is done or turned down",
        (
            Column(
                "id, kind, district_id, standing, coming, proposed_by, proposed_at, expires_at, "
                "agreed_by, agreed_at",
                "that an import waits for a second person, by how much it would shrink "
                "what stands, and whose yes it has; nothing of the file",
            ),
        ),
    ),
    Table(
        "places_wayin",
        "kept: who left and could finish their own reports; its link goes once it is used",
        (
            Column(
                "person_id, since, misses, expires_at, used_at, ends_at",
                "who may still come in after leaving, for reports of their own, and until when",
            ),
        ),
    ),
    Table(
        "places_invitation",
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
        "places_center",
        "as long as the place is served",
        (Column("id, name, slug, callback_phone, time_zone", "public"),),
    ),
    Table(
        "places_district",
        "as long as the place is served",
        (Column("id, center_id, name, slug, time_zone, languages, catch_all", "public"),),
    ),
    Table(
        "places_school",
        "as long as the place is served",
        (
            Column(
                "id, district_id, name, slug, grades, address, town, time_zone, "
                "languages, psap_name, psap_phone, emergency_contact",
                "public, or what a dispatcher asks for",
            ),
        ),
    ),
    Table(
        "places_tilechange",
        "as long as the place is served",
        (Column("id, district_id, tile, texts, position, hidden", "public"),),
    ),
    Table(
        "places_team",
        "as long as the place is served",
        (Column("id, kind, name, center_id, district_id, school_id, renew_key_since", "routing"),),
    ),
    Table(
        "places_membership",
        "as long as the person or team is there",
        (
            Column(
                "id, team_id, person_id, role, reachable_at_night, until",
                "all rights follow from it",
            ),
        ),
    ),
)
