"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "directory_service",
        "as long as the service is listed",
        (
            Column(
                "id, slug, district_id, kind, position, agency, texts, languages, "
                "mandated_reporter, police, source_url, confirmed, checked_on, "
                "checked_by, listed",
                "public",
            ),
        ),
    ),
    Table(
        "directory_contactline",
        "as long as the service is listed",
        (Column("id, service_id, kind, value, then, language, position", "public"),),
    ),
    Table(
        "directory_openinghours",
        "as long as the service is listed",
        (
            Column(
                "id, service_id, always, weekday, opens, closes, effective_from, "
                "effective_to, time_zone, on_holidays",
                "public",
            ),
        ),
    ),
)
