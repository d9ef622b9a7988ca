"""What the public process knows of places: read by one function, kept for half a minute."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection

from upstander.places.taxonomy import TileChange
from upstander.vault.errors import KeySwapped
from upstander.vault.holders import verify_public

log = logging.getLogger("upstander.places")

#: How long a read stands, in seconds: a new school or a renamed tile appears within this time.
KEPT_SECONDS = 30


@dataclass(frozen=True, slots=True)
class PublicCenter:
    """A center and the public key to which new tips are sealed, its signature checked."""

    id: int
    name: str
    phone: str
    holder: str
    key_version: int
    public: bytes


@dataclass(frozen=True, slots=True)
class PublicDistrict:
    id: int
    slug: str
    name: str
    time_zone: str
    languages: tuple[str, ...]
    center_id: int
    tile_changes: tuple[TileChange, ...]


@dataclass(frozen=True, slots=True)
class PublicSchool:
    id: int
    slug: str
    name: str
    town: str
    district_id: int


@dataclass(frozen=True, slots=True)
class PublicPlaces:
    """An immutable snapshot; ``taken_at`` is monotonic seconds."""

    districts: Mapping[int, PublicDistrict]
    schools: Mapping[int, PublicSchool]
    centers: Mapping[int, PublicCenter]
    taken_at: float = field(compare=False)
    #: Where a tip that names no place goes, if an administrator has said so.
    catch_all: PublicDistrict | None = None
    #: Where the system's own test tips go. In no list: only who knows its slug gets there.
    probe: PublicDistrict | None = None

    def district(self, district_id: int | None) -> PublicDistrict | None:
        """Return a district by its id, also the one of test tips."""
        if self.probe is not None and self.probe.id == district_id:
            return self.probe
        return self.districts.get(district_id) if district_id is not None else None

    def district_named(self, slug: str) -> PublicDistrict | None:
        if self.probe is not None and self.probe.slug == slug:
            return self.probe
        return next((d for d in self.districts.values() if d.slug == slug), None)

    def school_named(self, slug: str) -> PublicSchool | None:
        return next((s for s in self.schools.values() if s.slug == slug), None)

    def schools_of(self, district_id: int) -> tuple[PublicSchool, ...]:
        return tuple(s for s in self.schools.values() if s.district_id == district_id)


_lock = threading.Lock()
_kept: list[PublicPlaces] = []


def public_places(*, fresh: bool = False) -> PublicPlaces:
    """Return the places, at most ``KEPT_SECONDS`` old.

    A center whose public key does not carry our signature is not among them: better no tip for it
    than one sealed to a stranger, and the others' tips come in. Raises django.db.Error when the
    database is away and nothing is kept.
    """
    with _lock:
        now = time.monotonic()
        if _kept and not fresh and now - _kept[0].taken_at < KEPT_SECONDS:
            return _kept[0]
    places = _read(now)
    with _lock:
        _kept[:] = [places]
    return places


def _read(now: float) -> PublicPlaces:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.public_places(), api.probe_part('district')")
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("the database gave no answer")
    # Django leaves jsonb as text, for its own JSONField to read.
    data: Any = json.loads(row[0])
    centers = {}
    for c in data["centers"]:
        public, signature = bytes.fromhex(c["public"]), bytes.fromhex(c["signature"])
        try:
            verify_public(c["holder"], c["version"], public, signature, settings.VERIFY_KEY)
        except KeySwapped as error:
            log.error("center %s takes no tips: %s", c["id"], error)
            continue
        centers[c["id"]] = PublicCenter(
            c["id"], c["name"], c["phone"], c["holder"], c["version"], public
        )
    districts = {d["id"]: _district(d) for d in data["districts"]}
    probe = districts.pop(row[1], None)
    return PublicPlaces(
        districts=districts,
        schools={
            s["id"]: PublicSchool(s["id"], s["slug"], s["name"], s["town"], s["district"])
            for s in data["schools"]
        },
        centers=centers,
        taken_at=now,
        catch_all=next((districts.get(d["id"]) for d in data["districts"] if d["catch_all"]), None),
        probe=probe,
    )


def _district(d: Mapping[str, Any]) -> PublicDistrict:
    return PublicDistrict(
        d["id"],
        d["slug"],
        d["name"],
        d["time_zone"],
        tuple(d["languages"]),
        d["center"],
        tuple(
            TileChange(
                tile=t["tile"],
                texts=t["texts"],
                position=t["position"],
                hidden=t["hidden"],
            )
            for t in d["tiles"]
        ),
    )
