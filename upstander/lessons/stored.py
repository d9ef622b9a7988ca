"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "lessons_session",
        "as long as the district must show what was taught",
        (
            Column(
                "id, district_id, school_id, led_by, course, language, version, grade, day,"
                " booster_of_id, families_told_on, knows_duty, captions, begun_at, ended_at,"
                " present, made_up, opted_out",
                "which course was held for how many; no student or class, and nobody who asked to"
                " talk",
            ),
        ),
    ),
)
