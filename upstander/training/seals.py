"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    # On which day the worker saw to somebody is nobody's act.
    sealed("training_employee", but="renewed_on person_id"),
    sealed("training_completion"),
    sealed("training_certification"),
    sealed("training_finding"),
    sealed("training_coursereview"),
    *unsealed(
        "the worker makes it out of employees, completions and rules, and would again",
        "training_due",
    ),
)
