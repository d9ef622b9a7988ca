"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("dispatch_sheet"),
    sealed("dispatch_policerequest"),
    sealed("dispatch_call"),
    sealed("dispatch_brief"),
    sealed("dispatch_briefpage"),
    sealed("dispatch_briefkey"),
    sealed("dispatch_roster"),
    sealed("dispatch_rosteropening"),
    *unsealed(
        "a roster's rows come by the hundred thousand with each import, in ciphertext",
        "dispatch_rosterkey",
        "dispatch_rosterentry",
        "dispatch_rostermark",
    ),
)
