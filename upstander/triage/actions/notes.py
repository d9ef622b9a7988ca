"""A note that is written in another act's transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from upstander.people.scope import Viewer
from upstander.tips.actions.writing import write_turn
from upstander.tips.envelopes import seal_words
from upstander.tips.models import Note, Tip
from upstander.tips.opening import OpenTip
from upstander.vault.seeds import Audience


def write_note(
    tip: Tip,
    viewer: Viewer,
    audience: Audience,
    handoff_id: UUID,
    seed: bytes,
    text: str,
    kind: Note.Kind,
    now: datetime,
) -> None:
    """Write a note in a transaction that has locked the tip."""
    row_id = uuid4()
    sealed = seal_words(seed, purpose="note", tip=tip.pk, row=row_id, words=text)
    write_turn(tip, viewer, row_id, sealed, now, handoff_id, audience, kind)
    tip.save(update_fields=["turns"])


def write_brief(
    opened: OpenTip, tip: Tip, handoff_id: UUID, case_seed: bytes, text: str, now: datetime
) -> None:
    """Write a hand-off's brief for the center and for its case, in a transaction as above.

    Twice, since neither side holds the other's seed.
    """
    for audience, home, seed in (
        (Audience.CENTER, tip.pk, opened.seed(Audience.CENTER)),
        (Audience.CASE, handoff_id, case_seed),
    ):
        write_note(tip, opened.viewer, audience, home, seed, text, Note.Kind.BRIEF, now)
