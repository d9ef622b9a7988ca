"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed

TABLES: tuple[Declared, ...] = (
    sealed("callouts_site"),
    # What follows from its steps changes with each of them; these are sealed.
    sealed("callouts_callout", but="ring due_at alert_id to_tell"),
    sealed("callouts_event"),
)
