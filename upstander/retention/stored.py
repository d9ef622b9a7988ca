"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "retention_period",
        "as long as the place is served",
        (
            Column(
                "id, district_id, rule, years, set_by, set_at",
                "how long a records schedule keeps, public",
            ),
        ),
    ),
    Table(
        "retention_hold",
        "kept: who let what go, or held it, must be provable",
        (
            Column(
                "id, district_id, school_id, matter_id, reference, placed_by, "
                "placed_at, until, lifted_by, lifted_at",
                "the database itself keeps what is held from going; the reason is sealed",
            ),
        ),
    ),
    Table(
        "retention_item",
        "kept: who let what go, or held it, must be provable",
        (
            Column(
                "id, kind, subject, district_id, school_id, matter_id, rule, "
                "ended_at, listed_at, state, proposed_by, proposed_at, agreed_by, "
                "agreed_at, gone_at",
                "that something's time is over, and the two who let it go: the "
                "database checks that they are two",
            ),
        ),
    ),
    Table(
        "retention_leftover",
        "until the file is removed, within the minute",
        (Column("file", "random; a file that the worker still has to remove"),),
    ),
)
