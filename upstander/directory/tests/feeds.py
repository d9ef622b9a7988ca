"""Feeds that a test needs: what somebody else publishes of invented services."""

from __future__ import annotations

import io
import json
from collections import Counter
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from upstander.directory.actions.applying import say_yes
from upstander.directory.actions.importing import take_files
from upstander.directory.sources import Incoming, Source
from upstander.people.scope import Viewer

type Feed = list[dict[str, Any]]


def own(*path: object) -> str:
    return str(uuid5(NAMESPACE_URL, "/".join(map(str, path))))


def place(number: object, street: str = "Invented Street") -> dict[str, Any]:
    return {
        "id": own("location", number),
        "location_type": "physical",
        "name": f"House {number}",
        "latitude": 41.7,
        "longitude": -72.6,
        "addresses": [
            {
                "id": own("address", number),
                "address_1": f"{number} {street}",
                "city": "Maple Valley",
                "state_province": "CT",
                "postal_code": "00000",
                "country": "US",
                "address_type": "physical",
            }
        ],
    }


def service(number: object, **fields: Any) -> dict[str, Any]:
    return {
        "id": own("service", number),
        "name": f"Pantry {number}",
        "status": "active",
        "description": "Food for whoever comes.",
        "phones": [{"id": own("phone", number), "number": "860-555-0100"}],
        "schedules": [
            {
                "id": own("schedule", number),
                "freq": "WEEKLY",
                "byday": "MO,WE",
                "opens_at": "9:00",
                "closes_at": "17:00",
            }
        ],
        "service_at_locations": [{"id": own("at", number), "location": place(number)}],
        **fields,
    }


def feed(*services: dict[str, Any], **fields: Any) -> Feed:
    return [
        {
            "id": own("organization", one["id"]),
            "name": f"Who runs {one['name']}",
            "description": "Neighbors.",
            **fields,
            "services": [one],
        }
        for one in services
    ]


def files(what: Any, name: str = "feed.json") -> list[tuple[str, Any]]:
    raw = what if isinstance(what, bytes) else json.dumps(what).encode()
    return [(name, io.BytesIO(raw))]


def brought(viewer: Viewer, what: Any, source: UUID | None = None) -> Source:
    """Let a feed's differences wait for a yes."""
    key = take_files(viewer, files(what), name="A feed", source_id=source)
    return Source.objects.get(pk=key)


def imported(viewer: Viewer, what: Any, source: UUID | None = None) -> Source:
    """Let a feed in."""
    found = brought(viewer, what, source)
    say_yes(viewer, found.pk)
    found.refresh_from_db()
    return found


def waits(source: Source) -> Counter[tuple[str, str]]:
    found = Incoming.objects.filter(source=source).values_list("kind", "verdict")
    return Counter(found)
