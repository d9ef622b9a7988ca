"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed

TABLES: tuple[Declared, ...] = (
    sealed("triage_assessment"),
    sealed("triage_handoff"),
)
