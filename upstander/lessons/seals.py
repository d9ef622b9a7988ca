"""Whose rows the record seals (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed

TABLES: tuple[Declared, ...] = (sealed("lessons_session"),)
