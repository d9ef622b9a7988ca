"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    *(
        sealed(f"directory_{name}")
        for name in ("location", "organization", "serviceatlocation", "taxonomy", "taxonomyterm")
    ),
    sealed("directory_service", but="recheck_at"),
    *unsealed(
        "a hint to look, which anybody may give and nobody answers for", "directory_linefailure"
    ),
    # What was read of it last, and what waits, is in the record at each reading (actions/waiting).
    sealed(
        "directory_source",
        but="due_at etag digest read_at trouble mistakes mistaken sound shrinks first_yes",
    ),
    *unsealed(
        "what waits for a yes: the record has its digest, and a yes to anything else is refused",
        "directory_incoming",
    ),
    *unsealed("made of services, whose rows are sealed", "directory_entry"),
    *unsealed("where towns are, from a file that anybody can compare", "directory_town"),
)
