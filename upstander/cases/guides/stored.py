"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "guides_textreview",
        "kept: public law, and who answers for it",
        (
            Column(
                "id, text, digest, stands, person_id, at",
                "that somebody qualified has read a guide's text as it stood, and "
                "which administrator said so; who it was is sealed",
            ),
        ),
    ),
)
