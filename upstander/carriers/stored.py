"""What this app stores: in clear and why, and until when (docs/threat-model.md)."""

from upstander.plug import Column, Table

TABLES = (
    Table(
        "carriers_contactmethod",
        "as long as the person or team is there",
        (
            Column(
                "id, person_id, kind, verified_at, broken_at, broken_reason, "
                "broken_told, code_expires_at, code_due_at, tries, wrong_codes, "
                "wrong_since, created_at",
                "by what channels somebody can be reached; numbers, addresses, "
                "labels, codes and digits are sealed, and found again by a keyed "
                "mark",
            ),
        ),
    ),
    Table(
        "carriers_delivery",
        "kept: who was reached, how, must be provable",
        (
            Column(
                "id, chain, for_id, purpose, person_id, method_id, channel, "
                "provider, provider_ref, state, reason, code, needs_code, open, attempted_at, "
                "changed_at, told, key_tries, poll_at, polls",
                "who was tried, how, with what result; the provider's reference "
                "finds the number at the provider. What was carried is sealed "
                "until the call or text has ended",
            ),
        ),
    ),
    Table(
        "carriers_receipt",
        "kept: who was reached, how, must be provable",
        (
            Column(
                "id, delivery_id, provider, key, status, at",
                "a receipt must count once; the key is the provider's reference and status",
            ),
        ),
    ),
    Table(
        "carriers_inbound",
        "kept: who was reached, how, must be provable",
        (
            Column(
                "id, kind, person_id, for_id, answer, at, done, provider, ref",
                "who answered what; never their words",
            ),
        ),
    ),
    Table(
        "carriers_providerhealth",
        "one row a provider, written over",
        (
            Column(
                "id, provider, channel, state, since, ok, failed, recent, retry_at",
                "of providers, not of people",
            ),
        ),
    ),
    Table(
        "carriers_notice",
        "kept: codes and ids, no words",
        (
            Column(
                "id, person_id, kind, detail, due_at, sent_at, tries",
                "`detail` holds ids and codes, never words",
            ),
        ),
    ),
    Table(
        "carriers_outboxmail",
        "with the demo",
        (
            Column(
                "id, to, subject, body, at", "the demo's outbox only; mails hold nothing of a tip"
            ),
        ),
    ),
)
