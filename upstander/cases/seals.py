"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed

TABLES: tuple[Declared, ...] = (
    sealed("cases_case", but="changed_at items"),
    sealed("cases_caseitem"),
    sealed("cases_caseaction", but="remind_at reminded"),
    sealed("cases_caseclosing"),
    sealed("cases_casetip"),
    sealed("cases_caselink"),
)
