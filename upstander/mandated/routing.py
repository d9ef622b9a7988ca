"""Which offices a duty passes over, beside whoever is accused: as it stands in its ``Routing``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from upstander.mandated.models import Routing
from upstander.mandated.recipients import Officer, outside, recipients


@dataclass(frozen=True, slots=True)
class Route:
    """Whom a duty passes over."""

    #: Nobody at the school: its owner doesn't know who of staff it is about.
    past_building: bool = False
    #: Nobody at all until its owner grants it (``granting.grant_what_waits``).
    waits: bool = False


def route_of(duty_id: UUID) -> Route:
    """Return how a duty is routed; call inside ``viewing`` of somebody who sees it."""
    row = Routing.objects.filter(duty_id=duty_id).first()
    return Route(row.past_building, row.waits) if row else Route()


def who_is_granted(
    officers: Iterable[Officer], *, school_id: int | None, accused: Iterable[int], route: Route
) -> tuple[int, ...]:
    """Return who of the offices is granted a duty now, in the order in which they are told."""
    if route.waits:
        return ()
    near = outside(officers) if route.past_building else list(officers)
    return recipients(near, school_id=school_id, accused=accused)
