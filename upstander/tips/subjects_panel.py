"""People named in a tip as its page shows them, and the earlier tips that may be about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from upstander.intake.priority import Priority
from upstander.intake.taxonomy import TILES_BY_KEY
from upstander.tips.actions.subjects import (
    DETAILS_LIMIT,
    NAME_LIMIT,
    Named,
    earlier_matters,
    subjects_of,
)
from upstander.tips.blind_indexes import Closeness
from upstander.tips.opening import OpenTip
from upstander.tips.states import TipState
from upstander.vault.seeds import Audience

#: What the closeness of two names means, in words.
CLOSENESS_WORDS = {
    Closeness.SAME: _("the same name"),
    Closeness.PARTS: _("two of the names, or short for them"),
    Closeness.INITIAL: _("one name and an initial"),
}


@dataclass(frozen=True, slots=True)
class EarlierShown:
    """Another tip that names somebody alike; UTC."""

    id: UUID
    reference: str
    tile: str
    priority: Priority
    state: str
    received_at: datetime
    name: str
    closeness: str
    linked: bool


@dataclass(frozen=True, slots=True)
class SubjectsShown:
    """Everything the panel shows. ``may_name``: the viewer holds the center's seed."""

    people: list[Named]
    earlier: list[EarlierShown]
    may_name: bool
    name_limit: int = NAME_LIMIT
    details_limit: int = DETAILS_LIMIT


def subjects_panel(opened: OpenTip) -> SubjectsShown:
    """Return who is named in a tip and which other tips name somebody alike.

    Opens transactions of its own: call it outside ``viewing``.
    """
    earlier = [
        EarlierShown(
            match.tip_id,
            match.reference,
            TILES_BY_KEY[match.tip.tile].text("en") if match.tip.tile in TILES_BY_KEY else "",
            Priority(match.tip.priority),
            str(TipState(match.tip.state).label),
            match.received_at,
            match.name,
            str(CLOSENESS_WORDS[match.closeness]),
            match.linked,
        )
        for match in earlier_matters(opened)
    ]
    return SubjectsShown(subjects_of(opened), earlier, Audience.CENTER in opened.seeds)
