"""Callers on the line, as the live stream tells of them: how each call stands, and who waits."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.template.loader import render_to_string

from upstander.doors.calls.cards import live_cards
from upstander.doors.calls.rights import CallRight
from upstander.people.permissions import may
from upstander.people.roles import TeamKind
from upstander.people.scope import Viewer, viewing


class LiveCall(NamedTuple):
    """A call that lasts: where it belongs, and a mark that differs after each change."""

    call: UUID
    tip: UUID
    district_id: int
    version: str


class Calls:
    """The calls that last, as they were last told."""

    def __init__(self) -> None:
        self._known: dict[UUID, LiveCall] = {}

    def changed(self, now: list[LiveCall]) -> list[LiveCall]:
        """Return those that came, changed or ended since the last time."""
        was, self._known = self._known, {one.call: one for one in now}
        ended = [one for call, one in was.items() if call not in self._known]
        return ended + [one for one in now if was.get(one.call) != one]


def calls() -> list[LiveCall]:
    """Return the calls that last, whosoever: the hub looks which of them changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM api.live_calls()")
        return [LiveCall(*row) for row in cursor.fetchall()]


def render_calls(viewer: Viewer) -> dict[str, object]:
    """Return the calls that a viewer may see, as they stand on the queue; and which wait.

    One piece for all of a scope: what is only for whoever has a call, the page shows them.
    """
    with viewing(viewer):
        cards = live_cards()
    return {
        "html": render_to_string("doors/calls/cards.html", {"cards": cards, "me": None}),
        "waiting": {
            str(card.call.call_id): {"door": card.door, "tip": str(card.call.tip_id)}
            for card in cards
            if card.call.waits
        },
    }


def takes_calls(viewer: Viewer) -> bool:
    """Tell whether somebody takes calls at a center."""
    return viewer.kind is TeamKind.CENTER and may(viewer, CallRight.TAKE_CALLS)
