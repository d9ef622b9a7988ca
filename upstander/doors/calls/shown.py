"""What the desk may know of calls: who waits since when, and who has whom. Never a number.

Call all of it inside ``viewing``: the database leaves out what the viewer may not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from upstander.doors.call_models import Call, CallBack, Leg

#: All that the center may read of a call and of its legs.
_OF_CALL = (
    *("id", "tip_id", "district_id", "line", "state", "back", "language", "keyed", "begun_at"),
    *("waits_since", "taken_by", "taken_at", "moving_to", "ended_at"),
)
#: How wishes end, or stand, of which something is to be said.
_TOLD = ("", CallBack.How.DROPPED, CallBack.How.UNREACHED)
_OF_LEG = ("id", "call_id", "kind", "person_id", "state", "how", "at")


@dataclass(frozen=True, slots=True)
class LegShown:
    """Another phone of a call: whose, and how it stands (``Leg.Kind``, ``Leg.State``)."""

    leg_id: UUID
    kind: str
    person_id: int | None
    state: str
    how: str
    since: datetime


@dataclass(frozen=True, slots=True)
class CallShown:
    """One live call. ``since``: when its present state began, as far as anybody waits for it."""

    call_id: UUID
    tip_id: UUID
    district_id: int
    #: Our own line that was dialed.
    line: str
    #: ``Call.State``.
    state: str
    back: bool
    language: str
    keyed: bool
    begun_at: datetime
    since: datetime
    taken_by: int | None
    moving_to: int | None
    ended_at: datetime | None
    legs: tuple[LegShown, ...]

    @property
    def waits(self) -> bool:
        """Whether a caller waits for a counselor."""
        return self.state == Call.State.WAITING

    @property
    def live(self) -> bool:
        """Whether the caller is on the line."""
        return self.state != Call.State.OVER

    def asked(self, person_id: int) -> bool:
        """Whether somebody's phone rings for it."""
        return any(one.person_id == person_id and one.state == "ringing" for one in self.legs)


def live_calls() -> list[CallShown]:
    """Return the calls that last, who waits longest first; two queries."""
    return _shown(ended_at__isnull=True)


def call_of(tip_id: UUID) -> CallShown | None:
    """Return a tip's newest call: one that lasts, or ended within the last two minutes."""
    found = _shown(tip_id=tip_id)
    return max(found, key=lambda one: (one.live, one.begun_at, one.back)) if found else None


@dataclass(frozen=True, slots=True)
class WishShown:
    """A reporter's wish to be called: since when, how often their phone rang for it, its end."""

    at: datetime
    rung: int
    how: str
    ended_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether they still wait for the call."""
        return self.how in ("", CallBack.How.DROPPED)

    @property
    def dropped(self) -> bool:
        """Whether they were reached, and the call ended before the two can have talked."""
        return self.how == CallBack.How.DROPPED

    @property
    def unreached(self) -> bool:
        """Whether nobody reached them before it ended."""
        return self.how == CallBack.How.UNREACHED


def wish_shown(tip_id: UUID) -> WishShown | None:
    """Return how the wish to be called of a tip's reporter stands; None: nothing is to be done."""
    told = CallBack.objects.filter(tip_id=tip_id, how__in=_TOLD)
    found = told.values_list("at", "rung", "how", "ended_at")
    return next((WishShown(*row) for row in found), None)


def wishes_on(tips: Sequence[UUID]) -> dict[UUID, str]:
    """Return what rows of the queue say of reporters who wait to be called, in words by tip.

    When it is safe to ring is sealed with their words: it stands where those are opened.
    """
    standing = CallBack.objects.filter(tip_id__in=tips, how__in=("", CallBack.How.DROPPED))
    return dict.fromkeys(standing.values_list("tip_id", flat=True), gettext("asks to be called"))


def _shown(**which: object) -> list[CallShown]:
    calls = list(Call.objects.filter(**which).only(*_OF_CALL).order_by("begun_at", "id"))
    ids = [call.pk for call in calls]
    legs = Leg.objects.filter(call_id__in=ids).only(*_OF_LEG).order_by("at", "id") if ids else []
    of: dict[UUID, list[LegShown]] = {pk: [] for pk in ids}
    for leg in legs:
        of[leg.call_id].append(
            LegShown(leg.pk, leg.kind, leg.person_id, leg.state, leg.how, leg.at)
        )
    found = [
        CallShown(
            call.pk,
            call.tip_id,
            call.district_id,
            call.line,
            call.state,
            call.back,
            call.language,
            call.keyed,
            call.begun_at,
            call.waits_since or call.taken_at or call.begun_at,
            call.taken_by,
            call.moving_to,
            call.ended_at,
            tuple(of[call.pk]),
        )
        for call in calls
    ]
    return sorted(found, key=lambda one: (not one.waits, one.since))
