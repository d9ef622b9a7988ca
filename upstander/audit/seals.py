"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, unsealed

TABLES: tuple[Declared, ...] = (
    *unsealed(
        "sealed in the tree itself, or what seals it",
        "audit_entry",
        "audit_rowseal",
        "audit_tile",
        "audit_checkpoint",
        "audit_head",
    ),
)
