"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "editions_publishededition",
        "kept: counts alone",
        (
            Column(
                "id, district_id, subject, half, audience, excluded, tables, measures, "
                "published_at",
                "what was published of a half-year, as it was: counts, none under ten, and "
                "times; which exclusions there were then, by the hashes that stand in them",
            ),
        ),
    ),
)
