"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("accountability_division"),
    sealed("accountability_casefigures"),
    *unsealed("added up from tips", "accountability_journey", "accountability_gathered"),
)
