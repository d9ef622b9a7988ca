"""Whose rows the record seals, and whose not (schema/sealed_rows.py)."""

from upstander.schema.sealed_rows import Declared, sealed, unsealed

TABLES: tuple[Declared, ...] = (
    sealed("mandated_duty", but="remind_at reminded offices_told_at"),
    sealed("mandated_dutyevent"),
    sealed("mandated_deadline", but="remind_at reminded"),
    sealed("mandated_routing", but="remind_at reminded"),
    sealed("mandated_wideexclusion"),
    sealed("mandated_standin"),
    sealed("mandated_shutting", but="tell_at"),
    sealed("mandated_asked", but="remind_at reminded climb_since climb_at climbed new_turn"),
    sealed("mandated_answer"),
    sealed("mandated_answerread"),
    sealed("mandated_fileanswer"),
    sealed("mandated_confirmation"),
    *unsealed(
        "one person's own notes, gone after a year: the record says when they were kept, and a "
        "duty that comes of them is sealed",
        "mandated_consult",
    ),
    *unsealed("added up from duties", "mandated_monthchange", "mandated_tally"),
)
