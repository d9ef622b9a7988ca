"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("escalations_alert", but="next_step_due_at idle_asked graver_at crowded"),
    sealed("escalations_acknowledgement"),
    sealed("escalations_task"),
    sealed("escalations_externalcontact"),
    sealed("escalations_fallbackphone"),
    sealed("escalations_policy"),
    *unsealed(
        "the machine's own plan, made from alert and policy, and moved each second",
        "escalations_step",
        "escalations_line",
        "escalations_page",
        "escalations_news",
        "escalations_moment",
    ),
)
