"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed

TABLES: tuple[Declared, ...] = (
    sealed("places_center"),
    sealed("places_district"),
    sealed("places_school"),
    sealed("places_tilechange"),
)
