"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("matters_matter"),
    sealed("matters_exclusion"),
    sealed("matters_folder"),
    sealed("matters_foldergrant"),
    sealed("matters_matterhold"),
    sealed("matters_newcomer"),
    *unsealed(
        "gone after seventy days, and lets nobody in: it only keeps out once more",
        "matters_takenback",
    ),
)
