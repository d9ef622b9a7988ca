"""How a tip ended and who must still agree; each side reads its own reasons only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from upstander.decisions.dispositions import BY_KEY
from upstander.decisions.models import Closing, SecondOpinion
from upstander.people.scope import viewing
from upstander.tips.envelopes import open_words
from upstander.tips.opening import UNREADABLE, OpenTip
from upstander.vault.errors import VaultError


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal to close a life-safety tip as nothing, waiting for a second person (UTC)."""

    id: UUID
    ending: str
    reason: str
    by: int
    expires_at: datetime
    own: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """One closing and its reason (UTC)."""

    ending: str
    why: str
    by: int
    at: datetime
    seconded_by: int | None
    reopened: bool


@dataclass(frozen=True, slots=True)
class Endings:
    """What has ended a tip so far, and what would end it."""

    proposal: Proposal | None
    endings: Sequence[Ending]

    @property
    def people(self) -> set[int]:
        """Everybody whose name is shown."""
        found = {ending.by for ending in self.endings}
        found |= {ending.seconded_by for ending in self.endings if ending.seconded_by}
        return found | ({self.proposal.by} if self.proposal else set())


def endings_of(opened: OpenTip) -> Endings:
    """Return the closings and the open proposal of the viewer's own side, oldest first."""
    tip, audience = opened.tip.pk, opened.own_audience
    with viewing(opened.viewer) as now:
        opinions = list(
            SecondOpinion.objects.filter(tip_id=tip, audience=audience).order_by("proposed_at")
        )
        closings = list(Closing.objects.filter(tip_id=tip, audience=audience).order_by("at", "pk"))
    # Where a second person agreed, the reason stands in the proposal.
    seconded = {(o.proposed_by, o.decided_at): o for o in opinions if o.state == "agreed"}
    waiting = next((o for o in opinions if o.state == "open" and o.expires_at > now), None)
    return Endings(
        None
        if waiting is None or waiting.kind != SecondOpinion.Kind.CLOSE
        else Proposal(
            waiting.pk,
            ending_words(waiting.disposition),
            _open(opened, "second opinion", waiting),
            waiting.proposed_by,
            waiting.expires_at,
            waiting.proposed_by == opened.viewer.person_id,
        ),
        [_ending(opened, row, seconded.get((row.person_id, row.at))) for row in closings],
    )


def ending_words(key: str) -> str:
    """Return a disposition's words; one that is no more on the list stands for itself."""
    return str(BY_KEY[key].label) if key in BY_KEY else key


def _ending(opened: OpenTip, row: Closing, seconded: SecondOpinion | None) -> Ending:
    why = _open(opened, "closing", row)
    if not why and seconded is not None:
        why = _open(opened, "second opinion", seconded)
    return Ending(
        ending_words(row.disposition),
        why,
        row.person_id,
        row.at,
        seconded.decided_by if seconded else None,
        row.reopened_at is not None,
    )


def _open(opened: OpenTip, purpose: str, row: Closing | SecondOpinion) -> str:
    """Open a reason. What belongs to another team's case is empty: it is not theirs to read."""
    seed = (
        opened.seeds_by_handoff.get(row.handoff_id)
        if row.handoff_id
        else opened.seeds.get(opened.own_audience)
    )
    if seed is None or not row.sealed:
        return ""
    try:
        return open_words(
            seed, purpose=purpose, tip=opened.tip.pk, row=row.pk, sealed=bytes(row.sealed)
        )
    except VaultError:
        return UNREADABLE
