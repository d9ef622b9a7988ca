"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed

TABLES: tuple[Declared, ...] = (
    sealed("referrals_contact"),
    # Wrong words that strangers try are nobody's act.
    sealed("referrals_referral", but="misses"),
)
