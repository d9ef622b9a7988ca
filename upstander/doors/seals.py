"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, unsealed

TABLES: tuple[Declared, ...] = (
    *unsealed("added up from tips", "doors_usualwait"),
    *unsealed(
        "how texts travel: gone within weeks, and what was said stands in the conversation",
        "doors_season",
        "doors_thread",
        "doors_textorder",
        "doors_picture",
        "doors_providercopy",
        "doors_bridge",
        "doors_wrongbridge",
        "doors_callback",
    ),
    *unsealed(
        "how calls go: gone within minutes, and what was done in them stands in the record",
        "doors_call",
        "doors_leg",
        "doors_pastcall",
    ),
)
