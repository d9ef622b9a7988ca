"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "accountability_journey",
        "kept: codes and ids, no words",
        (
            Column(
                "tip_id, district_id, school_id, priority, closed, received_at, "
                "hour, weekday, claimed, assessed, handed_off, paged, "
                "acknowledged, ended, handed_off_at, handed_hour, handed_weekday, "
                "paged_after, acknowledged_after, ended_after, waiting, to_talk, channel, "
                "language",
                "figures are made of it without opening any tip; a school's role "
                "reads only what counts from its own hand-off",
            ),
        ),
    ),
    Table(
        "accountability_gathered",
        "until the worker has seen it",
        (Column("id, changed_at, tip_id", "how far the sweep has come"),),
    ),
    Table(
        "accountability_division",
        "as long as the place is served",
        (
            Column(
                "id, district_id, name, groups, made_by, made_at, ended_at",
                "by what a district compares outcomes; names of groups, nobody in them",
            ),
        ),
    ),
    Table(
        "accountability_casefigures",
        "kept: codes and ids, no words",
        (
            Column(
                "case_id, district_id, matter_id, grade, disability, groups, person_id, at",
                "outcomes are compared by them without opening a case; filled in "
                "by its team after closing, read as counts alone, none under ten "
                "shown",
            ),
        ),
    ),
)
