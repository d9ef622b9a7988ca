"""What the public process knows of places: read by one function, kept for half a minute."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import connection

from upstander.intake.routing import Route, route_for
from upstander.intake.served import PublicCenter, PublicDistrict, PublicPlaces, PublicSchool
from upstander.intake.taxonomy import TileChange
from upstander.people.place_names import told_apart
from upstander.people.statements import Facts, key_standing, standing
from upstander.vault.models import HolderKey
from upstander.vault.pins import Pin

log = logging.getLogger("upstander.people")

#: How long a read stands, in seconds: a new school or a renamed tile appears within this time.
KEPT_SECONDS = 30


_lock = threading.Lock()
_kept: list[PublicPlaces] = []


def public_places(*, fresh: bool = False) -> PublicPlaces:
    """Return the places, at most ``KEPT_SECONDS`` old.

    Where a tip goes is what was signed and seen last (statements.py), whatever the rows say. A
    center none of whose keys carries our signature is not among them: better no tip for it than one
    sealed to a stranger, and the others' tips come in. Raises django.db.Error when the database is
    away and nothing is kept.
    """
    with _lock:
        now = time.monotonic()
        if _kept and not fresh and now - _kept[0].taken_at < KEPT_SECONDS:
            return _kept[0]
    places = _read(now)
    with _lock:
        _kept[:] = [places]
    return places


def route_now(
    tile: str | None,
    answers: Mapping[str, str],
    school_id: int | None,
    district_id: int | None,
) -> Route:
    """Return where a tip goes by the places as they stand. Raises NoCenter, django.db.Error."""
    return route_for(public_places(), tile, answers, school_id, district_id)


def _read(now: float) -> PublicPlaces:
    with connection.cursor() as cursor:
        cursor.execute("SELECT api.public_places(), api.probe_part('district')")
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("the database gave no answer")
    # Django leaves jsonb as text, for its own JSONField to read.
    data: Any = json.loads(row[0])
    found = {
        s["subject"]: Pin(s["counter"], s["text"], bytes.fromhex(s["signature"]))
        for s in data["statements"]
    }
    rows = {d["id"]: d for d in data["districts"]}
    signed = _signed("district", found)
    districts = {
        pk: _district(pk, signed[pk], rows.get(pk, {}))
        for pk in sorted(signed, key=lambda pk: (signed[pk]["name"], pk))
    }
    probe = districts.pop(row[1], None)
    return PublicPlaces(
        districts=districts,
        schools=_schools(found, data["schools"], signed),
        centers=_centers(signed, data),
        taken_at=now,
        catch_all=next((d for pk, d in districts.items() if signed[pk]["catch_all"]), None),
        probe=probe,
    )


def _signed(kind: str, found: Mapping[str, Pin]) -> dict[int, Facts]:
    """Return what is signed of all places of a kind, by their ids."""
    names = {name for name in found if name.startswith(f"{kind}:")}
    facts = standing({*names, *settings.PINS.subjects(kind)}, found)
    return {int(name.partition(":")[2]): of for name, of in facts.items()}


def _schools(
    found: Mapping[str, Pin], rows: list[dict[str, Any]], districts: Mapping[int, Facts]
) -> dict[int, PublicSchool]:
    signed = _signed("school", found)
    towns = {s["id"]: s["town"] for s in rows}
    levels = {s["id"]: s["grades"] for s in rows}
    apart = told_apart(
        (
            pk,
            of["name"],
            (
                towns.get(pk, ""),
                levels.get(pk, ""),
                districts.get(of["district"], {}).get("name", ""),
                of["slug"],
            ),
        )
        for pk, of in signed.items()
    )
    return {
        pk: PublicSchool(
            pk, of["slug"], of["name"], towns.get(pk, ""), of["district"], apart.get(pk, "")
        )
        for pk, of in sorted(signed.items(), key=lambda one: (one[1]["name"], one[0]))
    }


def _centers(signed: Mapping[int, Facts], data: Mapping[str, Any]) -> dict[int, PublicCenter]:
    """Return the centers that serve a district, each with the key that counts of its team."""
    rows = {c["id"]: c for c in data["centers"]}
    keys = {k["holder"]: k for k in data["keys"]}
    centers = {}
    for center, team in {(of["center"], of["team"]) for of in signed.values()}:
        holder = f"team:{team}"
        told = keys.get(holder)
        key = key_standing(
            holder,
            told
            and HolderKey(
                holder=holder,
                version=told["version"],
                public=bytes.fromhex(told["public"]),
                signature=bytes.fromhex(told["signature"]),
            ),
        )
        if key is None:
            log.error("center %s takes no tips: it has no key that was signed", center)
            continue
        row = rows.get(center, {"name": "", "phone": ""})
        public = bytes(key.public)
        centers[center] = PublicCenter(
            center, row["name"], row["phone"], holder, key.version, public
        )
    return centers


def _district(pk: int, signed: Facts, row: Mapping[str, Any]) -> PublicDistrict:
    return PublicDistrict(
        pk,
        signed["slug"],
        signed["name"],
        row.get("time_zone", settings.TIME_ZONE),
        tuple(row.get("languages", ("en",))),
        signed["center"],
        tuple(
            TileChange(
                tile=t["tile"],
                texts=t["texts"],
                position=t["position"],
                hidden=t["hidden"],
            )
            for t in row.get("tiles", ())
        ),
        row.get("state", ""),
    )
