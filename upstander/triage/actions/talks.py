"""A talk is held by the center alone: on which grounds anybody else gets it, and what is said then.

Whoever hands it off chooses one of three grounds (``Ground``), and each has to be there: the
reporter wrote after the center asked them, somebody judged a life to be in danger, or somebody has
begun their own duty to report, of this talk itself and of no tip linked with it. What the reporter
answered only a person reads. The database holds the same (``triage_ground_stands``), and that
nobody gets it without one (``tips_talk_stays``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import uuid4

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from upstander.base.refused import Refused
from upstander.intake.priority import Priority
from upstander.mandated.models import Duty
from upstander.people.scope import Viewer
from upstander.tips.envelopes import seal_words
from upstander.tips.models import Message, Tip
from upstander.tips.states import Ground
from upstander.triage.models import Assessment
from upstander.triage.shown import prompt_text

#: What is missing where a ground that was chosen isn't there.
_MISSING: Final[dict[Ground, Promise]] = {
    Ground.YES: gettext_lazy(
        "The reporter can’t have said yes yet: ask them here (there is a prepared question), and "
        "wait for their answer."
    ),
    Ground.DANGER: gettext_lazy(
        "Nobody has assessed this as life safety. Assess it first; what you know then is the "
        "ground."
    ),
    Ground.DUTY: gettext_lazy(
        "No duty to report has been started from this talk that you can see; one from a linked tip "
        "does not count. Start your own first, here, with “I suspect.”"
    ),
}
#: The prepared reply (``data/replies.csv``) that tells the reporter of it as it happens.
_TOLD: Final[dict[Ground, str]] = {
    Ground.YES: "talk.next.3",
    Ground.DANGER: "talk.next.4",
    Ground.DUTY: "talk.next.5",
}


def ground_for(tip: Tip, chosen: str) -> Ground | None:
    """Return the ground on which a tip may be handed off; None: it is no talk and needs none.

    Call inside the center's ``viewing``. Raises Refused: none was chosen, or it isn't there.
    """
    if not tip.to_talk:
        return None
    if chosen not in list(Ground):
        raise Refused(gettext("This is a talk. First say on what ground others get it."))
    ground = Ground(chosen)
    if not _stands(tip, ground):
        raise Refused(str(_MISSING[ground]))
    return ground


def _stands(tip: Tip, ground: Ground) -> bool:
    match ground:
        case Ground.YES:
            words = Message.objects.filter(tip_id=tip.pk, kind=Message.Kind.TEXT)
            asked = words.filter(author=Message.Author.CENTER).order_by("turn").first()
            return (
                asked is not None
                and words.filter(author=Message.Author.REPORTER, turn__gt=asked.turn).exists()
            )
        case Ground.DANGER:
            judged = Assessment.objects.filter(tip_id=tip.pk, priority=Priority.LIFE_SAFETY)
            return tip.priority == Priority.LIFE_SAFETY and judged.exists()
        case Ground.DUTY:
            return Duty.objects.filter(tip_id=tip.pk).exists()


def share(tip: Tip, ground: Ground, viewer: Viewer, seed: bytes, brief: str, now: datetime) -> str:
    """Let a locked talk be shared on a ground, and write to its reporter why; return the brief.

    It begins with what it is and on what ground others have it. What is written to the reporter
    answers nothing that they asked: they wait on for that. The caller saves the tip.
    """
    row_id = uuid4()
    words = prompt_text(_TOLD[ground], tip.language)
    tip.shared_for = ground
    tip.turns += 1
    Message.objects.create(
        id=row_id,
        tip_id=tip.pk,
        district_id=tip.district_id,
        author=Message.Author.CENTER,
        person_id=viewer.person_id,
        sealed=seal_words(seed, purpose="message", tip=tip.pk, row=row_id, words=words),
        at=now,
        turn=tip.turns,
    )
    said = gettext("[A talk, not a report. Shared because %(ground)s. They have been told.]")
    return f"{said % {'ground': ground.label}}\n\n{brief}"


def on_ground(tip: Tip) -> dict[str, str]:
    """Return what the record says besides of a tip that is handed off: a talk's ground."""
    return {"ground": tip.shared_for} if tip.to_talk else {}
