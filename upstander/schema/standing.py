"""What stands in a database now, in one form for each thing, so that two can be compared.

Everything that decides who may do what is in it (`standing.sql`): functions with their bodies,
owners and rights; triggers and whether they fire; policies; rights on tables, columns, sequences
and schemas; views and rules, of which there are none; what our roles may do, also by membership.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from functools import cache
from pathlib import Path

from django.db import transaction
from django.db.backends.utils import CursorWrapper

#: A thing's kind and name, as digest files write it.
type Key = tuple[str, str]


@cache
def _query() -> str:
    return Path(__file__).with_suffix(".sql").read_text("utf-8")


def standing(cursor: CursorWrapper) -> dict[Key, str]:
    """Return what stands, each thing with the SHA-256 of its form, in hex. Any role may ask."""
    with transaction.atomic():
        cursor.execute("SELECT current_setting('search_path')")
        [path] = cursor.fetchone() or [""]
        cursor.execute("SET LOCAL search_path = pg_catalog")
        cursor.execute(_query())
        rows = cursor.fetchall()
        cursor.execute("SELECT set_config('search_path', %s, true)", [path])
    # Functions' bodies alone keep their lines; elsewhere PostgreSQL breaks them as it likes.
    # Two of one name (a table of another schema that bears ours) are both looked at.
    texts: dict[Key, list[str]] = defaultdict(list)
    for kind, name, text in rows:
        texts[kind, name].append(text if kind == "function" else " ".join(text.split()))
    return {key: _digest("\0".join(sorted(found))) for key, found in texts.items()}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def server_version(cursor: CursorWrapper) -> int:
    """Return the server's major version. The forms above are of one: each deparses in its way."""
    cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
    [version] = cursor.fetchone() or [0]
    return int(version)
