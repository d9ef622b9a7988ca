"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("retention_period"),
    sealed("retention_hold"),
    sealed("retention_item"),
    *unsealed("files that are still to be removed", "retention_leftover"),
)
