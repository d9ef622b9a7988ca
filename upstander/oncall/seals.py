"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("oncall_schedule", but="check_at"),
    sealed("oncall_layer"),
    sealed("oncall_layermember"),
    sealed("oncall_datedshift"),
    sealed("oncall_override"),
    sealed("oncall_swap"),
    sealed("oncall_calendar"),
    sealed("oncall_dayoff"),
    sealed("oncall_quiethours"),
    sealed("oncall_ownrule"),
    sealed("oncall_floor"),
    sealed("oncall_rest"),
    *unsealed(
        "tells once of a gap, or whose link shows a calendar", "oncall_gapnotice", "oncall_feed"
    ),
)
