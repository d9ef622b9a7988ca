"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("vault_grant"),
    sealed("vault_holderkey"),
    sealed("vault_sealedkey"),
    sealed("vault_signedstatement"),
    sealed("vault_personkey"),
    sealed("vault_tombstone"),
    *unsealed(
        "which file wraps what; both change each night, by the file's own proof",
        "vault_shredkey",
        "vault_shredfile",
    ),
)
