"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "vault_grant",
        "tip",
        (
            Column(
                "id, tip_id, district_id, audience, handoff_id, holder, key_version",
                "finds the grant to open: a team's, or a person's by a hash that no other tip has",
            ),
        ),
    ),
    Table(
        "vault_shredkey",
        "the tip, case or duty whose folder it is; an allegation's with its entry",
        (Column("subject, district_id, file_version", "finds the key to destroy"),),
    ),
    Table(
        "vault_tombstone",
        "kept: a restored backup is forgotten by it again",
        (
            Column(
                "subject, district_id, at",
                "random ids of what was destroyed; a restore destroys it again",
            ),
        ),
    ),
    Table(
        "vault_shredfile",
        "kept: when each file was made and closed; the file itself goes within 35 days, once it"
        " lies in two places",
        (
            Column(
                "version, made_at, twice_at, closed_at",
                "when the file that wraps the shred keys was last renewed, and seen in two places",
            ),
        ),
    ),
    Table(
        "vault_holderkey",
        "as long as the person or team is there",
        (Column("id, holder, version, created_at", "public keys"),),
    ),
    Table(
        "vault_sealedkey",
        "as long as the person or team is there",
        (
            Column(
                "id, holder, version, member, member_version",
                "who is in which team is in clear anyway",
            ),
        ),
    ),
    Table(
        "vault_signedstatement",
        "as long as the person or team is there",
        (
            Column(
                "subject, counter, text, at",
                "what was signed of places and teams: whom a center serves, who is in which team"
                " (ids and roles, in clear in their own tables as well)",
            ),
        ),
    ),
    Table(
        "vault_personkey",
        "as long as the person or team is there",
        (Column("person_id, version", "finds the wrapped key"),),
    ),
)
