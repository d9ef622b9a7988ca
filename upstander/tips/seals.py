"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed(
        "tips_tip", but="waiting_since first_read_at first_reply_at changed_at similarity turns"
    ),
    sealed("tips_note"),
    sealed("tips_recipient"),
    sealed("tips_settled"),
    *unsealed(
        "ciphertext that is bound to its tip, made with its keys or by a process of ours",
        "tips_message",
        "tips_attachment",
        "tips_subject",
        "tips_subjectblindindex",
    ),
    *unsealed(
        "ends within days, and files a tip of the center's, as anybody may",
        "tips_adultlink",
    ),
    *unsealed(
        "gone when somebody opens the words, which say the same",
        "tips_unread",
    ),
    *unsealed(
        "the reporter's way back in and open drafts: codes are found by hash alone",
        "tips_returncode",
        "tips_talk",
        "tips_draft",
    ),
)
