"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("helplines_client"),
    sealed("helplines_note"),
    sealed("helplines_volunteer"),
    # Its alert and what falls due next follow from its steps.
    sealed("helplines_accompaniment", but="alert_id due_at"),
    # Wrong words are counted by nobody who is signed in.
    sealed("helplines_partner", but="misses"),
    # The worker says when it tells next.
    sealed("helplines_deadline", but="remind_at"),
    *unsealed("on its way, under its link and words alone; gone once opened", "helplines_intake"),
)
