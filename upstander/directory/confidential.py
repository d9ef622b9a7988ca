"""What could tell where a shelter is, taken out of a record before it is kept.

The database has no place for such an address (models, triggers); a text could hold one all the
same. What looks like one goes, and a keeper is told from which field: nothing of it is kept.
"""

from __future__ import annotations

import json
from hashlib import md5
from typing import Any

from upstander.directory.records import Record
from upstander.standards.hsds.addresses import struck

#: HSDS objects of places, of which a confidential service has none, wherever they are nested.
_PLACES = frozenset(
    {"addresses", "locations", "location", "service_at_locations", "latitude", "longitude"}
)
#: A drawn area can be as small as a house.
_DRAWN = frozenset({"extent", "extent_type"})


def guarded(record: Record) -> tuple[Record, tuple[str, ...]]:
    """Return a confidential record without places, and the fields from which something went.

    A field is named as in "attributes[3].value".
    """
    found: list[str] = []
    return _without_places(record, "", found), tuple(found)


def words_mark(record: Record) -> str:
    """Return what the words are known by that tell for whom a service or who runs it is there."""
    words, _ = guarded({key: record.get(key) for key in ("name", "alternate_name", "description")})
    return md5(json.dumps(words).encode(), usedforsecurity=False).hexdigest()


def _without_places(value: Any, where: str, found: list[str]) -> Any:
    if isinstance(value, dict):
        gone = (_PLACES | _DRAWN) & value.keys()
        found.extend(_named(where, key) for key in sorted(gone))
        return {
            key: _without_places(one, _named(where, key), found)
            for key, one in value.items()
            if key not in gone
        }
    if isinstance(value, list):
        return [_without_places(one, f"{where}[{n}]", found) for n, one in enumerate(value)]
    if not isinstance(value, str):
        return value
    text, pieces = struck(value)
    if not pieces:
        return value
    found.append(where)
    return text


def _named(where: str, key: str) -> str:
    return f"{where}.{key}" if where else key
