"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "places_center",
        "as long as the place is served",
        (
            Column("id, name, slug, callback_phone, time_zone, advocates", "public"),
            Column("interpreter_phone", "the number of a service, which staff call"),
        ),
    ),
    Table(
        "places_district",
        "as long as the place is served",
        (Column("id, center_id, name, slug, time_zone, languages, state, catch_all", "public"),),
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
)
