"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("written_report"),
    sealed("written_evidence"),
    sealed("written_agencypdf"),
    *unsealed("not yet said to anybody", "written_draft"),
)
