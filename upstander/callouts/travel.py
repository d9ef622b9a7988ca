"""How long a way takes: by distance and factors, or by a routing server on one's own network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import requests

from upstander.callouts.planning import Floats, Place

#: The earth's mean radius in km (IUGG).
_EARTH = 6371.0088
#: Roads over the straight line in the United States: R. H. Ballou, H. Rahardja, N. Sakai,
#: "Selected country circuity factors for road travel distance estimation", Transportation
#: Research A 36 (2002).
ROAD_FACTOR = 1.2
#: km/h between towns, and minutes to leave and to park, where nobody measured a region's own: with
#: these the simulated year meets the published one (ADR 200).
SPEED, OVERHEAD = 49.0, 6.0
#: Seconds for a routing server to answer before factors are used.
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class ByFactors:
    """Straight line × road factor ÷ speed × hour factor, and minutes to leave and to park.

    ``speed`` (km/h), ``hour_factor`` (1 = the roads are free) and ``overhead`` (minutes) are the
    region's own: an administrator sets them, nothing here claims to know them.
    """

    speed: float
    hour_factor: float = 1.0
    road_factor: float = ROAD_FACTOR
    overhead: float = 0.0

    def minutes(self, sites: Sequence[Place], places: Sequence[Place]) -> Floats:
        """Return expected minutes, sites × places."""
        km = straight_line(sites, places) * self.road_factor
        return km / self.speed * 60.0 * self.hour_factor + self.overhead


@dataclass(frozen=True, slots=True)
class ByRouting:
    """An OSRM-compatible server's table service (``/table/v1/driving``), else ``instead``.

    Towns and sites go there, never an address: it is asked for what ByFactors would be asked for.
    """

    url: str
    instead: ByFactors

    def minutes(self, sites: Sequence[Place], places: Sequence[Place]) -> Floats:
        """Return expected minutes, sites × places; factors where the server has no answer."""
        fallback = self.instead.minutes(sites, places)
        if not sites or not places:
            return fallback
        pairs = ";".join(f"{p.longitude:.5f},{p.latitude:.5f}" for p in (*sites, *places))
        ask = {
            "sources": ";".join(str(n) for n in range(len(sites))),
            "destinations": ";".join(str(len(sites) + n) for n in range(len(places))),
        }
        address = f"{self.url.rstrip('/')}/table/v1/driving/{pairs}"
        try:
            answer = requests.get(address, params=ask, timeout=_PATIENCE)
            answer.raise_for_status()
            table = np.array(answer.json()["durations"], dtype=float)
        except (requests.RequestException, KeyError, TypeError, ValueError):
            return fallback
        if table.shape != fallback.shape:
            return fallback
        told = table / 60.0 * self.instead.hour_factor + self.instead.overhead
        return np.where(np.isfinite(table), told, fallback)


def straight_line(sites: Sequence[Place], places: Sequence[Place]) -> Floats:
    """Return great-circle km, sites × places (haversine)."""
    here, there = (
        np.radians(np.array([(p.latitude, p.longitude) for p in some], dtype=float).reshape(-1, 2))
        for some in (sites, places)
    )
    north = here[:, None, 0] - there[None, :, 0]
    east = here[:, None, 1] - there[None, :, 1]
    across = np.cos(here[:, None, 0]) * np.cos(there[None, :, 0]) * np.sin(east / 2) ** 2
    km: Floats = 2 * _EARTH * np.arcsin(np.sqrt(np.sin(north / 2) ** 2 + across))
    return km
