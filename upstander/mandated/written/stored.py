"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "written_draft",
        "duty",
        (
            Column(
                "duty_id, district_id, at",
                "that its owner has begun to write; the words are sealed, and theirs alone",
            ),
        ),
    ),
    Table(
        "written_report",
        "duty",
        (
            Column(
                "id, duty_id, district_id, person_id, number, form, at, digest",
                "that it was signed, by whom, when; the digest is of a text with "
                "a random number in it, so nobody can guess the text by it",
            ),
        ),
    ),
    Table(
        "written_evidence",
        "duty",
        (
            Column(
                "id, duty_id, district_id, person_id, at",
                "that a file proves the sending; its name, its hash and its bytes are sealed",
            ),
        ),
    ),
    Table(
        "written_agencypdf",
        "kept: public law, and who answers for it",
        (
            Column(
                "id, form, fields, person_id, at, withdrawn_at",
                "an agency's own form is public (`pdf` is not sealed either), and "
                "which field is which",
            ),
        ),
    ),
)
