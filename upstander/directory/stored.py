"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

_LISTED = "as long as the service is listed"


def _public(name: str, until: str, columns: str) -> Table:
    return Table(f"directory_{name}", until, (Column(columns, "public"),))


TABLES = (
    _public(
        "service",
        _LISTED,
        "id, slug, state, district_id, organization_id, kind, position, record, confidential, "
        "read_mark, cleared, withheld, confirmed, assured_on, assured_by, keeper, recheck_at, "
        "listed, terms, source_id, turned_down",
    ),
    Table(
        "directory_linefailure",
        "90 days, or until the service is checked",
        (
            Column(
                "id, service_id, line, day, count",
                "how many said on a day that a number did not work; nothing of them, nor the hour",
            ),
        ),
    ),
    _public(
        "organization",
        _LISTED,
        "id, name, record, confidential, read_mark, cleared, withheld, source_id",
    ),
    _public(
        "location",
        "as long as a service is there",
        "id, organization_id, record, confidential, latitude, longitude, source_id",
    ),
    _public("serviceatlocation", _LISTED, "id, service_id, location_id, record"),
    _public("taxonomy", "until an administrator removes it", "id, name, record, source_id"),
    _public(
        "taxonomyterm",
        "with its taxonomy",
        "id, taxonomy_id, parent_id, code, confidential, record",
    ),
    _public(
        "entry",
        _LISTED,
        "id, service_id, location_id, state, district_id, position, east, north, facets, min_age, "
        "max_age, words, near, entered_at",
    ),
    Table(
        "directory_source",
        "as long as services come from it",
        (
            Column(
                "id, name, url, state, due_at, etag, digest, read_at, trouble, mistakes, "
                "mistaken, sound, shrinks",
                "where services come from, and what was wrong with what it said last",
            ),
            Column("keeper, first_yes", "who is told what it brings, and who said yes first"),
        ),
    ),
    Table(
        "directory_incoming",
        "until an administrator says yes or no, or the source says something else",
        (
            Column(
                "id, source_id, kind, key, verdict, name, record, confidential, changes, struck",
                "what a source says that is not so here; of what is confidential, without places",
            ),
        ),
    ),
    _public("town", "until a file without it is loaded", "name, latitude, longitude, near"),
)
