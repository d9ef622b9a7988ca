"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed

TABLES: tuple[Declared, ...] = (
    sealed("register_entry"),
    sealed("register_blindindex"),
    sealed("register_event"),
    sealed("register_disclosure"),
    sealed("register_decision"),
    sealed("register_proposal"),
)
