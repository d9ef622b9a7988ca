"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed(
        "carriers_contactmethod",
        but="label digit broken_told code code_expires_at code_due_at tries",
    ),
    *unsealed(
        "who was tried and how it went: providers know it as well",
        "carriers_delivery",
        "carriers_receipt",
        "carriers_inbound",
    ),
    *unsealed(
        "moves by itself", "carriers_providerhealth", "carriers_notice", "carriers_outboxmail"
    ),
)
