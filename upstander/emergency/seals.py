"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("emergency_sheet"),
    sealed("emergency_call"),
    sealed("emergency_callcorrection"),
    sealed("emergency_brief"),
    sealed("emergency_briefpage"),
    sealed("emergency_briefkey"),
    sealed("emergency_roster"),
    sealed("emergency_rosteropening"),
    *unsealed(
        "a roster's rows come by the hundred thousand with each import, in ciphertext",
        "emergency_rosterkey",
        "emergency_rosterentry",
        "emergency_rosterblindindex",
    ),
)
