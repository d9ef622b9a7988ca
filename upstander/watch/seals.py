"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("watch_drillrule"),
    *unsealed(
        "signs of life, troubles and exercises of the system itself",
        "watch_beat",
        "watch_trouble",
        "watch_probeplace",
        "watch_probe",
        "watch_drill",
        "watch_drillcall",
        "watch_drillanswer",
    ),
)
