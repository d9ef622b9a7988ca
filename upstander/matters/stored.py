"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "matters_folder",
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
        "matters_foldergrant",
        "the tip, case or duty whose folder it is; an allegation's with its entry",
        (
            Column(
                "id, folder_id, holder, key_version, since, until",
                "for whom it opens: a team, or for a person a hash that no other folder "
                "has; of a duty and an allegation, how many",
            ),
        ),
    ),
    Table(
        "matters_matterhold",
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
        "matters_newcomer",
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
        "matters_takenback",
        "70 days",
        (
            Column(
                "id, folder_id, holder, at",
                "when something was taken back in a folder; from whom, is a hash that no other row "
                "has; of a team, its number",
            ),
        ),
    ),
    Table(
        "matters_matter",
        "kept: codes and ids, no words",
        (
            Column(
                "id, district_id, restricted, merged_into_id",
                "restricted grants take another path; which matters have become "
                "one, so that exclusions and holds of either keep all of it",
            ),
        ),
    ),
    Table(
        "matters_exclusion",
        "kept: codes and ids, no words",
        (
            Column(
                "id, matter_id, district_id, bound_to",
                "how many are kept from a matter; whom, is a hash that no other row has",
            ),
        ),
    ),
)
